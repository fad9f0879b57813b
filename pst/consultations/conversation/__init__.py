"""The conversation as people read it: entries, what is unread, quoted or corrected."""
