"""The report as a letter: words, form, approval, and its setting in PDF."""
