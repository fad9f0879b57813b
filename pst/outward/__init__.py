"""Calls that leave this machine, through one way out."""
