"""What the office owes a user, and until when."""
