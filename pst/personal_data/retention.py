"""How long personal data are kept, and what happens after that.

The periods are settings. Nothing here is urgent: the next run makes up for one that is
late or missed. Each row is checked again in a transaction of its own.
"""

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from pst import clock
from pst.accounts.address_change import AddressChange
from pst.accounts.log_ins import LogIn
from pst.accounts.registration.registrations import KEPT, Registration
from pst.accounts.tokens import LinkToken
from pst.accounts.users import User
from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.filing.unfiled import UnfiledRequest
from pst.consultations.models import Consultation
from pst.database import db, engine, transaction
from pst.dead_letters import each
from pst.knowledge.searches.search_log import SearchLog
from pst.office import audit, settings
from pst.office.audit import AuditEntry
from pst.outbox.models import Delivery, OutboxMail
from pst.personal_data import erasure
from pst.personal_data.jobs import forget_words
from pst.web.access import Role
from pst.web.responses import link

# The owner of an unused account is warned this long before it is erased.
NOTICE = timedelta(days=30)
LATELY = timedelta(days=2)
# The mail that says an account was erased holds its address, so it is kept briefly.
LAST_MAIL, LAST_MAIL_KEPT = "erased", timedelta(days=7)


@dataclass(frozen=True)
class Rule:
    """One kind of data: which rows are past their period, and what is done to them."""

    name: str
    past: Callable[[datetime], sa.Select[int]]
    act: Callable[[int], list[str]]


def keep_no_longer() -> None:
    """Erase what is past its period; record in the audit trail how much of each."""
    totals: dict[str, int] = {}
    for rule in RULES:
        each(f"keep_no_longer:{rule.name}", _ids(rule), _doing(rule, totals))
    if _were_erased_lately():
        forget_words()
    if totals:
        with transaction():
            audit.record("retention", "office", None, address=None, **totals)


def _doing(rule: Rule, totals: dict[str, int]) -> Callable[[int], None]:
    def act(id: int) -> None:
        with transaction():
            if id not in _ids_within(rule, id):
                return  # the owner has come back since
            files = rule.act(id)
        erasure.remove(files)
        totals[rule.name] = totals.get(rule.name, 0) + 1

    return act


def _were_erased_lately() -> bool:
    """Return whether words may be left in the indexes, as when Redis was away."""
    since = clock.now() - LATELY
    query = sa.select(AuditEntry.id).where(
        AuditEntry.action == "erase", AuditEntry.at >= since
    )
    is_any = db.session.scalar(query.limit(1)) is not None
    db.session.rollback()
    return is_any


def counts() -> dict[str, int]:
    """Return how many rows of each kind are past their period, for the dry run."""
    now = clock.now()
    return {
        rule.name: db.session.scalar(
            sa.select(sa.func.count()).select_from(rule.past(now).subquery())
        )
        or 0
        for rule in RULES
    }


def months_before(now: datetime, months: int) -> datetime:
    """Return the moment `months` before `now`, on the last day of a shorter month."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return now.replace(year=year, month=month + 1, day=min(now.day, last))


def unused_accounts(now: datetime) -> sa.Select[int]:
    """Select the users' accounts without a log-in for as long as the settings say."""
    before = months_before(now, settings.current().keep_accounts_months)
    last_used_at = sa.func.coalesce(User.last_log_in_at, User.created_at)
    return sa.select(User.id).where(
        User.role == Role.USER, User.erased_at.is_(None), last_used_at < before
    )


def _to_warn(now: datetime) -> sa.Select[int]:
    return unused_accounts(now).where(User.expiry_told_at.is_(None))


def _warn(id: int) -> list[str]:
    user = db.session.get_one(User, id)
    user.expiry_told_at = clock.now()
    if user.is_visitor:
        return []  # has no account to come back to
    OutboxMail.put(
        "account_expiring",
        to=user.mailbox,
        cause=f"{id}:{user.expiry_told_at.isoformat()}",
        erased_on=user.expiry_told_at + NOTICE,
        url=link("accounts.log_in"),
    )
    return []


def _to_erase(now: datetime) -> sa.Select[int]:
    return unused_accounts(now).where(
        User.expiry_told_at <= now - NOTICE,
        User.id.not_in(AddressChange.undoable_users()),
    )


def _erase(id: int) -> list[str]:
    return erasure.erase(db.session.get_one(User, id), by=None)


def _old_conversations(now: datetime) -> sa.Select[int]:
    before = months_before(now, settings.current().keep_conversations_months)
    return _closed(before).where(~Consultation.is_erased)


def _erase_conversation(id: int) -> list[str]:
    engine().wipe_deleted()
    return erasure.erase_conversation(db.session.get_one(Consultation, id), by=None)


def _old_files(now: datetime) -> sa.Select[int]:
    before = months_before(now, settings.current().keep_attachments_months)
    return _closed(before).where(
        Consultation.id.in_(sa.select(Attachment.consultation_id))
    )


def _erase_files(id: int) -> list[str]:
    return erasure.take_files(db.session.get_one(Consultation, id))


def _closed(before: datetime) -> sa.Select[int]:
    """Select what was closed before a moment; what is open has none."""
    return sa.select(Consultation.id).where(Consultation.closed_at < before)


def _old_mails(now: datetime) -> sa.Select[int]:
    before = months_before(now, settings.current().keep_logs_months)
    is_last = OutboxMail.kind == LAST_MAIL
    return sa.select(OutboxMail.id).where(
        OutboxMail.state != Delivery.OWED,
        (OutboxMail.created_at < before)
        | (is_last & (OutboxMail.created_at < now - LAST_MAIL_KEPT)),
    )


def _old_log_ins(now: datetime) -> sa.Select[int]:
    return sa.select(LogIn.id).where(LogIn.expires_at < now)


def _old_links(now: datetime) -> sa.Select[int]:
    before = months_before(now, settings.current().keep_logs_months)
    return sa.select(LinkToken.id).where(LinkToken.expires_at < before)


def _old_requests(now: datetime) -> sa.Select[int]:
    """Select requests that were never filed."""
    return sa.select(UnfiledRequest.id).where(UnfiledRequest.expires_at <= now)


def _old_registrations(now: datetime) -> sa.Select[int]:
    return sa.select(Registration.id).where(Registration.created_at < now - KEPT)


def _old_searches(now: datetime) -> sa.Select[int]:
    """Select old searches: they say what was looked for, which may be personal."""
    before = months_before(now, settings.current().keep_searches_months)
    return sa.select(SearchLog.id).where(SearchLog.at < before)


def _delete(model: Any) -> Callable[[int], list[str]]:
    def act(id: int) -> list[str]:
        db.session.execute(sa.delete(model).where(model.id == id))
        return []

    return act


def _ids(rule: Rule) -> Iterator[int]:
    ids = list(db.session.scalars(rule.past(clock.now())))
    db.session.rollback()
    yield from ids


def _ids_within(rule: Rule, id: int) -> list[int]:
    inner = rule.past(clock.now()).subquery()
    return list(db.session.scalars(sa.select(inner.c.id).where(inner.c.id == id)))


RULES = (
    Rule("accounts_told", _to_warn, _warn),
    Rule("accounts", _to_erase, _erase),
    Rule("conversations", _old_conversations, _erase_conversation),
    Rule("attachments", _old_files, _erase_files),
    Rule("mails", _old_mails, _delete(OutboxMail)),
    Rule("log_ins", _old_log_ins, _delete(LogIn)),
    Rule("links", _old_links, _delete(LinkToken)),
    Rule("unfiled_requests", _old_requests, _delete(UnfiledRequest)),
    Rule("registrations", _old_registrations, _delete(Registration)),
    Rule("searches", _old_searches, _delete(SearchLog)),
)
