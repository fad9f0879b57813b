"""What the search keeps: documents, their words and counts, in a file of each node."""
