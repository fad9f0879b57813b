"""Figures of each month: offered to the province, and collected from its districts."""
