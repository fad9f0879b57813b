"""What users thought of the service, and what was done about it."""
