"""What the IT person's screens read."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_sqlalchemy.pagination import Pagination

from pst import clock
from pst.access import Role
from pst.accounts.users import User
from pst.consultations.models import Consultation, State
from pst.database import db
from pst.feedback.follow_ups import FollowUp
from pst.office import days_off, settings
from pst.office.audit import AuditEntry
from pst.office.days_off import DayOff
from pst.office.settings import SettingChange
from pst.outbox.letters import without_links
from pst.outbox.models import Delivery, OutboxMail

PAGE_LENGTH = 50


@dataclass
class People:
    """The accounts, found by name, address or role."""

    words: str = ""
    role: str = ""
    page: int = 1

    @cached_property
    def rows(self) -> Pagination:
        query = sa.select(User)
        if not self.words:  # visitors are found, to be forgotten, and not listed
            query = query.where(~User.is_visitor)
        else:
            like = f"%{_escaped(self.words)}%"
            query = query.where(
                sa.or_(
                    *(
                        each.ilike(like, escape="\\")
                        for each in (User.name, User.email, User.reachable_at)
                    )
                )
            )
        if self.role in set(Role):
            query = query.where(User.role == Role(self.role))
        return _paged(query.order_by(User.name, User.id), self.page)


@dataclass
class OpenWork:
    """The consultations that `officer` serves now, and the follow-ups to be closed."""

    officer: User

    @cached_property
    def consultations(self) -> list[Consultation]:
        query = sa.select(Consultation).where(
            Consultation.officer_id == self.officer.id,
            Consultation.state != State.CLOSED,
        )
        return list(db.session.scalars(query.order_by(Consultation.id)))

    @cached_property
    def follow_ups(self) -> list[FollowUp]:
        query = sa.select(FollowUp).where(
            FollowUp.owner_id == self.officer.id, FollowUp.closed_at.is_(None)
        )
        return list(db.session.scalars(query.order_by(FollowUp.id)))

    @property
    def count(self) -> int:
        return len(self.consultations) + len(self.follow_ups)


@dataclass
class Mails:
    """The outbox, newest first, or one state of it."""

    state: str = ""
    page: int = 1

    @cached_property
    def rows(self) -> Pagination:
        query = sa.select(OutboxMail)
        if self.state in set(Delivery):
            query = query.where(OutboxMail.state == Delivery(self.state))
        return _paged(query.order_by(OutboxMail.id.desc()), self.page)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many mails there are of each state."""
        rows = db.session.execute(
            sa.select(OutboxMail.state, sa.func.count()).group_by(OutboxMail.state)
        )
        found = {state.value: count for state, count in rows}
        return {state.value: found.get(state.value, 0) for state in Delivery}

    @property
    def has_server(self) -> bool:
        """Say whether mails go anywhere, or are kept here to be read."""
        return current_app.config["PST"].mail is not None


# Mails that hold nothing of a conversation; another kind is not shown to an admin.
OF_NO_CONVERSATION = {
    *("account_active", "account_expiring", "already_registered", "breach", "erased"),
    *("invitation", "lamps", "new_password", "password_changed", "register_again"),
    *("report_drafted", "test_mail", "trail_end", "two_step", "verify_email"),
}


def readable_body(letter: OutboxMail) -> str | None:
    """Tell what a mail says; links meant for one reader only are hidden.

    None when it speaks of a conversation, whose subject and words are not an admin's.
    Without a mail server this screen is the mailbox, and everything stays.
    """
    if current_app.config["PST"].mail is None:
        return letter.body
    return without_links(letter.body) if letter.kind in OF_NO_CONVERSATION else None


def setting_changes() -> list[tuple[SettingChange, str]]:
    """List the last changes of settings, each with who did it."""
    query = (
        sa.select(SettingChange, sa.func.coalesce(User.name, ""))
        .outerjoin(User, User.id == SettingChange.changed_by_id)
        .order_by(SettingChange.id.desc())
        .limit(PAGE_LENGTH)
    )
    return [(change, name) for change, name in db.session.execute(query)]


@dataclass
class Year:
    """The days off of one year, and how certain they are."""

    year: int

    @cached_property
    def days(self) -> list[DayOff]:
        return days_off.of_year(self.year)

    @cached_property
    def estimated(self) -> list[DayOff]:
        return [day for day in self.days if day.source is days_off.Source.ESTIMATED]

    @cached_property
    def workday_count(self) -> int:
        months = days_off.calendar().workdays_by_month(self.year)
        return sum(map(len, months.values()))

    @property
    def missing(self) -> int | None:
        """Name next year, in December, while its official days are not all there."""
        today = clock.today(settings.current().zone)
        if today.month != 12:
            return None
        state = dict(self.around)[today.year + 1]
        return None if state == "official" else today.year + 1

    @cached_property
    def around(self) -> list[tuple[int, str]]:
        """The years one can turn to, each official, estimated or empty."""
        now = clock.today(settings.current().zone).year
        years = sorted({now - 1, now, now + 1, now + 2, self.year})
        filled = set(
            db.session.scalars(sa.select(sa.extract("year", DayOff.on)).distinct())
        )
        guessed = days_off.estimated_years(years[0], years[-1])
        return [
            (
                year,
                "empty"
                if year not in filled
                else "estimated"
                if year in guessed
                else "official",
            )
            for year in years
        ]


@dataclass
class Trail:
    """The audit trail, newest first, by what, who, whom and when."""

    action: str = ""
    actor: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None
    page: int = 1

    @cached_property
    def rows(self) -> Pagination:
        return _paged(self.query, self.page)

    @cached_property
    def actions(self) -> list[str]:
        """The kinds of things that were done so far."""
        query = sa.select(AuditEntry.action).distinct().order_by(AuditEntry.action)
        return list(db.session.scalars(query))

    @cached_property
    def names(self) -> dict[int, str]:
        """Who the people in these rows are."""
        ids = {row.actor_id for row in self.rows if row.actor_id}
        query = sa.select(User.id, User.name).where(User.id.in_(ids))
        return {id: name for id, name in db.session.execute(query)}

    @property
    def query(self) -> sa.Select[Any]:
        query = sa.select(AuditEntry).order_by(AuditEntry.id.desc())
        if self.action:
            query = query.where(AuditEntry.action == self.action)
        if self.subject:
            query = query.where(AuditEntry.subject == self.subject)
        if self.actor:
            query = query.where(AuditEntry.actor_id.in_(self._actor_ids()))
        if self.since:
            query = query.where(AuditEntry.at >= _midnight(self.since))
        if self.until:
            until = _midnight(self.until + timedelta(days=1))
            query = query.where(AuditEntry.at < until)
        return query

    def _actor_ids(self) -> sa.Select[Any]:
        like = f"%{_escaped(self.actor)}%"
        return sa.select(User.id).where(
            User.name.ilike(like, escape="\\") | User.email.ilike(like, escape="\\")
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), settings.current().zone)


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _paged(query: sa.Select[Any], page: int) -> Pagination:
    return db.paginate(
        query,
        page=max(page, 1),
        per_page=PAGE_LENGTH,
        max_per_page=PAGE_LENGTH,
        error_out=False,
    )
