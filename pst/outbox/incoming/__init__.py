"""What comes in by mail: mails that came back, and replies."""
