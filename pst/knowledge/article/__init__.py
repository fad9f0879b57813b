"""What an article holds: content, revisions, states, and the row of it all."""
