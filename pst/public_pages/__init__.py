"""The public pages: home, service standard, complaints, privacy, manuals."""
