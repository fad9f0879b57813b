"""Codes found by what a business does, in people's own words."""
