"""Logging in: from which browser, in how many steps, and how often one may try."""
