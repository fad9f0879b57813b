"""Lists that offices keep as CSV, XLSX or JSON, read with a reason for each fault."""
