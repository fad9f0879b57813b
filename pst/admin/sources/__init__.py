"""Where the catalogue and the lists of codes come from, and how each fared."""
