"""What the server decides: its settings, processes and memory."""
