"""How articles look where others link to them."""
