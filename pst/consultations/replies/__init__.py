"""Replies from a mail, without logging in."""
