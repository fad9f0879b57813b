"""The first visit of an admin: what an office needs, step by step."""
