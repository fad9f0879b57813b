"""Files that people attach: stored, kept and given out again."""
