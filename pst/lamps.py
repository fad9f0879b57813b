"""Lamps: how each part of the service is, since when, and when admins were informed.

A lamp is one row, green (`good`), yellow (`warn`) or red (`bad`). There are two ways to
have one:

* What can be *looked at* any time is a function in `admin/health/looks.py:LOOKS`; the
  job `watch` keeps its row.
* What is only *noticed as it happens* is turned by the feature that notices it, inside
  its own transaction. It registers the name once, when its module is loaded, so that
  the lamp is listed before anything was noticed:

      lamps.register("mail_refused", by_mail=False)

      with transaction():
          lamps.turn("mail_refused", Level.BAD, "535 5.7.8 wrong password")
          …
          lamps.turn("mail_refused", Level.GOOD)

Both are shown on *Admin* and *Admin › Sistem*, in `/sehat` and in `/metrics`. A red
lamp is mailed to every admin once, and again daily while it lasts
(`admin/health/alarms.py`); one that says that mails do not go (`by_mail=False`)
is written to the log instead. The words: a name in
`templates/admin/_check_names.html`, a sentence in
`templates/admin/_check_words.html`, and a section of that name in
`docs/panduan/admin-*.md`. `value` is a short text without personal data.
"""

import logging
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.database import db

log = logging.getLogger(__name__)
MAX_VALUE_CHARACTERS = 300
# Trouble that comes back this soon is the same trouble, already reported.
SAME_TROUBLE = timedelta(hours=1)
TOLD_AGAIN_AFTER = timedelta(days=1)

_registered: list[str] = []  # the lamps that features turn themselves
_without_mail: set[str] = set()


class Level(StrEnum):
    """How bad it is: `bad` needs an admin now, `warn` soon."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


def level(warn: bool, bad: bool = False) -> Level:
    """Return the level of what is to be warned of, or bad, or neither."""
    return Level.BAD if bad else Level.WARN if warn else Level.GOOD


class Lamp(db.Model):
    """The state of one part of the service."""

    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    level: Mapped[Level]
    value: Mapped[str | None] = mapped_column(sa.String(MAX_VALUE_CHARACTERS))
    # Since when it has this level.
    since: Mapped[datetime]
    # When the admins were last informed that it is red.
    told_at: Mapped[datetime | None]

    @property
    def is_to_be_told(self) -> bool:
        """Return whether the admins have not heard of this for a day."""
        if self.level is not Level.BAD:
            return False
        # A clock that was set back must not silence a lamp until it has caught up.
        at = self.told_at
        return at is None or not at <= clock.now() < at + TOLD_AGAIN_AFTER


def register(name: str, *, by_mail: bool = True) -> None:
    """List the lamp `name`, which a feature turns itself."""
    if name not in _registered:
        _registered.append(name)
    if not by_mail:
        say_without_mail(name)


def say_without_mail(name: str) -> None:
    """Report `name` on the screens and in the log only, never by mail."""
    _without_mail.add(name)


def registered() -> list[str]:
    """Return the names of the lamps that features turn themselves."""
    return list(_registered)


def goes_by_mail(name: str) -> bool:
    """Return whether a mail tells the admins that `name` is red."""
    return name not in _without_mail


def turn(name: str, level: Level, value: str | None = None) -> None:
    """Give the lamp `name` this level; the caller commits.

    To give it the level that it has already changes only the value.
    """
    lamp = db.session.get(Lamp, name)
    if lamp is None:
        lamp = Lamp(name=name, level=level, since=clock.now(), told_at=None)
        db.session.add(lamp)
    elif lamp.level is not level:
        if level is Level.BAD and clock.now() - lamp.since >= SAME_TROUBLE:
            lamp.told_at = None
        lamp.level, lamp.since = level, clock.now()
    lamp.value = value[:MAX_VALUE_CHARACTERS] if value else None


def by_name() -> dict[str, Lamp]:
    """Return every lamp that was ever turned, by its name."""
    return {lamp.name: lamp for lamp in db.session.scalars(sa.select(Lamp))}
