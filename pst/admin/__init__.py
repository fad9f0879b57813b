"""The IT person's screens over all of it."""
