"""The officer's views."""
