"""Statements that many requests ask, written once: what they cost is Python."""
