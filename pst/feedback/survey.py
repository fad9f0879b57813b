"""The questionnaire of PermenPANRB 14/2017 and its index; pure functions."""

from datetime import date

VERSION = "14/2017-1"
CODES = ("u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8", "u9")
PERIODS = ("month", "quarter", "semester", "year")


def period_of(day: date, length: str) -> str:
    """Name the period of `length` that `day` lies in, as `2026-S1`."""
    if length == "month":
        return f"{day.year}-{day.month:02d}"
    if length == "quarter":
        return f"{day.year}-T{(day.month + 2) // 3}"
    if length == "semester":
        return f"{day.year}-S{(day.month + 5) // 6}"
    return str(day.year)
