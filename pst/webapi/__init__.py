"""The WebAPI of Statistics Indonesia: its client, the office's key and domains."""
