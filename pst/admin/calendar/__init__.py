"""The office's calendar and its special hours, and which deadlines they move."""
