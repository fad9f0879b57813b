"""Mails we owe, and their delivery."""
