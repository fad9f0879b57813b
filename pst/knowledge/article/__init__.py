"""What an article holds: content, revisions and their versions, states, files."""
