"""A mail as it goes out: headers, text, HTML, enclosures, bytes."""
