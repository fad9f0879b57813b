"""The settings together, what follows from them, and what is declared of each."""

from dataclasses import dataclass, fields
from datetime import time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from pst.office.office_settings import (
    Complaints,
    FirstPage,
    Hours,
    Letterhead,
    Office,
    RatingsAndFollowUps,
    ServiceTimes,
    Survey,
)
from pst.office.setting_fields import Declaration
from pst.office.technical_settings import (
    Conversation,
    MailLimits,
    PersonalData,
    Security,
)


def _hours() -> dict[str, Hours]:
    """Return the usual PST hours: to Thursday 08.00-15.30, on Friday to 16.00."""
    workday: Hours = [["08:00", "15:30"]]
    return {
        **{str(day): workday for day in range(4)},
        "4": [["08:00", "16:00"]],
        "5": [],
        "6": [],
    }


@dataclass(frozen=True, eq=False)
class Settings(
    Office,
    Complaints,
    FirstPage,
    ServiceTimes,
    RatingsAndFollowUps,
    Survey,
    Letterhead,
    Conversation,
    Security,
    MailLimits,
    PersonalData,
):
    """All settings at one moment; the same object until one of them changes."""

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @cached_property
    def week(self) -> list[list[tuple[time, time]]]:
        """Service hours by weekday, Monday first, as local times."""
        hours = self.hours or _hours()
        return [
            [
                (time.fromisoformat(begin), time.fromisoformat(end))
                for begin, end in hours.get(str(day), [])
            ]
            for day in range(7)
        ]

    @property
    def letterhead_area(self) -> str:
        """The second line of the head of a letter: the district."""
        name = self.office_name
        for agency in (self.letter_head, "Badan Pusat Statistik", "BPS"):
            name = name.removeprefix(agency).lstrip()
        return self.letter_area or name

    @property
    def warn_after(self) -> timedelta:
        return timedelta(days=self.warn_after_days)

    @property
    def close_after(self) -> timedelta:
        return timedelta(days=self.close_after_days)

    @property
    def reopen_within(self) -> timedelta:
        return timedelta(days=self.reopen_within_days)


DECLARATIONS: dict[str, Declaration] = {
    each.name: each.metadata["declaration"] for each in fields(Settings)
}
# Title of a group → keys of its settings, in the order of `Settings`.
TITLES = {
    str(vars(group)["TITLE"]): [each.name for each in fields(group)]
    for group in Settings.__bases__
}
