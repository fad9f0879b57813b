"""What feedback asks the office to do: from the rating to the closed follow-up."""
