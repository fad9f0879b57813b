"""What is taken away of a report: files, workbook, rows without identities."""
