"""What people look for: noted, counted, and where the articles have no answer."""
