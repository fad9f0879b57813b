"""What every page needs, whatever it is about."""
