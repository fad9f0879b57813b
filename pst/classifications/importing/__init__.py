"""Lists of codes and their conversions read, checked, and written whole."""
