"""Figures for the head of the team."""
