"""The list of open work: its sections, rows and counts, and the way to the next."""
