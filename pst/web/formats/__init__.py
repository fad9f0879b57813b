"""How values and texts are written: for a page, a table, a letter."""
