"""The officers' screens for articles."""
