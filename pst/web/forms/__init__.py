"""Forms: their fields, their keys, and what is kept of those not taken yet."""
