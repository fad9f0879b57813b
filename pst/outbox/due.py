"""Which mail goes next, and how many may go now."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from pst import clock
from pst.database import db
from pst.office import settings
from pst.outbox.answers import STOPPING, Outcome
from pst.outbox.models import GIVE_UP_AFTER, Delivery, OutboxMail

# Longer than a server may take over one mail (`delivery.MAX_S`), so that no other
# run takes it in that time.
LEASE = timedelta(minutes=90)
# So often a worker may die with the same mail before that is parked.
MAX_DEATHS = 5
HOUR = timedelta(hours=1)
# Of the mails that strangers cause one address gets so many in an hour, and all
# together half of what the server may send.
CAP = 20


def take() -> OutboxMail | None:
    """Lease the mail that is due longest, if one may go now."""
    now = clock.now()
    # What the server stopped at goes last: it may be the only one that is refused.
    is_stopped = OutboxMail.outcome.in_(STOPPING).is_(True)
    order = (is_stopped, OutboxMail.due_at, OutboxMail.id)
    letter = db.session.scalar(_due_mails(now).order_by(*order).limit(1))
    if letter is not None:
        letter.take(until=now + LEASE)
    return letter


def has_any() -> bool:
    """Return whether a mail may go now."""
    return db.session.scalar(_due_mails(clock.now()).limit(1)) is not None


def park_deadly() -> None:
    """Give up the mails with which a worker died, again and again.

    A lease that ran out tells that the worker came back with no word about it.
    """
    deadly = sa.select(OutboxMail).where(
        OutboxMail.state == Delivery.OWED,
        OutboxMail.leased_until <= clock.now(),
        OutboxMail.attempts >= MAX_DEATHS,
    )
    for letter in db.session.scalars(deadly):
        letter.give_up(Outcome.UNSURE, "Pengiriman terputus berkali-kali.")


def release(outcome: Outcome | None) -> None:
    """Make due all that an outage held up; `outcome` is what the server said in it."""
    now = clock.now()
    is_held_up = sa.or_(
        OutboxMail.outcome.is_(None), OutboxMail.outcome.in_({*STOPPING, outcome})
    )
    update = sa.update(OutboxMail).where(OutboxMail.state == Delivery.OWED, is_held_up)
    longer = update.where(OutboxMail.give_up_at < now + GIVE_UP_AFTER)
    db.session.execute(longer.values(give_up_at=now + GIVE_UP_AFTER))
    sooner = update.where(
        OutboxMail.due_at > now, OutboxMail.outcome.is_distinct_from(Outcome.UNSURE)
    )
    db.session.execute(sooner.values(due_at=now))


def _due_mails(now: datetime) -> sa.Select[Any]:
    """Select what may go now: due, held by no other run, within the hour's limits."""
    most, all_sent, strangers_sent = _this_hour(now)
    query = sa.select(OutboxMail).where(
        OutboxMail.state == Delivery.OWED,
        OutboxMail.due_at <= now,
        sa.or_(OutboxMail.leased_until.is_(None), OutboxMail.leased_until <= now),
    )
    by_strangers = OutboxMail.by_stranger
    if all_sent >= most:
        return query.where(sa.false())
    if strangers_sent * 2 >= most:
        return query.where(~by_strangers)
    return query.where(
        sa.or_(~by_strangers, OutboxMail.to_address.not_in(_had_enough(now)))
    )


def _this_hour(now: datetime) -> tuple[int, int, int]:
    """Return how many may go in an hour, how many went, and for strangers."""
    counts = sa.select(
        sa.func.count(), sa.func.count().filter(OutboxMail.by_stranger)
    ).where(OutboxMail.sent_at > now - HOUR)
    went, strangers = db.session.execute(counts).one()
    return settings.current().mails_per_hour, went, strangers


def _had_enough(now: datetime) -> sa.Select[Any]:
    """Select the addresses that got as much as strangers may send there in an hour."""
    return (
        sa.select(OutboxMail.to_address)
        .where(OutboxMail.sent_at > now - HOUR, OutboxMail.by_stranger)
        .group_by(OutboxMail.to_address)
        .having(sa.func.count() >= CAP)
    )
