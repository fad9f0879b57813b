"""One picture made harmless, in a program of its own; imports nothing of ours."""
