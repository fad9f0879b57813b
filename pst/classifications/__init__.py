"""Statistical classifications: editions of codes, their conversion, and the look-up."""
