"""What the screens of an admin read."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_sqlalchemy.pagination import Pagination

from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.states import State
from pst.database import db
from pst.feedback.follow_ups.models import FollowUp
from pst.office import settings
from pst.office.audit import AuditEntry
from pst.office.settings import SettingChange
from pst.outbox.message.mail_parts import without_links
from pst.outbox.models import Delivery, OutboxMail
from pst.web.access import Role

PAGE_LENGTH = 50


@dataclass
class People:
    """The accounts, by name, address or role."""

    words: str = ""
    role: str = ""
    page: int = 1

    @cached_property
    def rows(self) -> Pagination:
        query = sa.select(User)
        if not self.words:  # a search finds visitors, to erase them; the list has none
            query = query.where(~User.is_visitor)
        else:
            query = query.where(
                User.name.icontains(self.words, autoescape=True)
                | User.email.icontains(self.words, autoescape=True)
                | User.reachable_at.icontains(self.words, autoescape=True)
            )
        if self.role in set(Role):
            query = query.where(User.role == Role(self.role))
        return _paged(query.order_by(User.name, User.id), self.page)


@dataclass
class OpenWork:
    """The open consultations and follow-ups of `officer`."""

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
        """The number of mails in each state."""
        rows = db.session.execute(
            sa.select(OutboxMail.state, sa.func.count()).group_by(OutboxMail.state)
        )
        by_state = {state.value: count for state, count in rows}
        return {state.value: by_state.get(state.value, 0) for state in Delivery}

    @property
    def has_server(self) -> bool:
        """Return whether there is a mail server; without one, mails are shown here."""
        return current_app.config["PST"].mail is not None


# Mails without words of a conversation; an admin sees the text of no other kind.
OF_NO_CONVERSATION = {
    "account_active",
    "account_expiring",
    "already_registered",
    "breach",
    "erased",
    "invitation",
    "lamps",
    "new_password",
    "password_changed",
    "register_again",
    "report_drafted",
    "test_mail",
    "trail_end",
    "two_step",
    "verify_email",
}


def readable_body(letter: OutboxMail) -> str | None:
    """Return the text of a mail without the links that log its reader in.

    None for a mail about a conversation, whose subject and words an admin may not read.
    Without a mail server this screen is the mailbox, and shows everything.
    """
    if current_app.config["PST"].mail is None:
        return letter.body
    return without_links(letter.body) if letter.kind in OF_NO_CONVERSATION else None


def setting_changes() -> list[tuple[SettingChange, str]]:
    """Return the last changes of settings, each with the name of its author."""
    query = (
        sa.select(SettingChange, sa.func.coalesce(User.name, ""))
        .outerjoin(User, User.id == SettingChange.changed_by_id)
        .order_by(SettingChange.id.desc())
        .limit(PAGE_LENGTH)
    )
    return [(change, name) for change, name in db.session.execute(query)]


@dataclass
class Trail:
    """The audit trail, newest first, by action, actor, subject and time."""

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
        """The kinds of actions in the trail."""
        query = sa.select(AuditEntry.action).distinct().order_by(AuditEntry.action)
        return list(db.session.scalars(query))

    @cached_property
    def names(self) -> dict[int, str]:
        """The names of the people in these rows, by id."""
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
        return sa.select(User.id).where(
            User.name.icontains(self.actor, autoescape=True)
            | User.email.icontains(self.actor, autoescape=True)
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), settings.current().zone)


def _paged(query: sa.Select[Any], page: int) -> Pagination:
    return db.paginate(
        query,
        page=max(page, 1),
        per_page=PAGE_LENGTH,
        max_per_page=PAGE_LENGTH,
        error_out=False,
    )
