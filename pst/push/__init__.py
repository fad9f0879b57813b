"""Notices on a person's devices (Web Push): that something came, never what."""
