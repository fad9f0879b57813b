"""Articles from and to a JSON file."""
