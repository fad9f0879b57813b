"""How figures are laid out: tables, charts, titles and words for codes."""
