"""Backups: made, verified, copied, tidied and restored."""
