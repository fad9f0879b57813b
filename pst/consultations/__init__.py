"""The help desk: queue, conversation, deadline, closing."""
