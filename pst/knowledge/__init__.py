"""Articles and how they are found."""
