"""The first screen of the head of the team, and the same by mail on Mondays."""
