"""What characters mean: seen or not, normal form, addresses."""
