"""Indonesian full-text search over documents of any kind."""
