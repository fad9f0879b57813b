"""Registering: what waits for its verification, and the proof of an address."""
