"""What the clock does for the IT person."""

from pst.database import transaction
from pst.office import workdays


def keep_calendar() -> None:
    """Have the days off of this year, the last and the next."""
    with transaction():
        workdays.seed_ahead()
