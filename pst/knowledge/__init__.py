"""Articles that answer what was asked before, and how they are found."""
