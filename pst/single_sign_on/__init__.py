"""Logging in with the organisation, by OpenID Connect, for staff who have accounts."""
