"""The demo office: its people and a month of made-up work."""
