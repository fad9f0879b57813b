"""What is mailed about consultations, and whether it got there."""

from datetime import datetime, time, timedelta

import sqlalchemy as sa
from flask import current_app

from pst import clock
from pst.accounts.users import User
from pst.consultations import duty, links
from pst.consultations.conversation.read_marks import ReadMark
from pst.consultations.models import IS_LATEST, Consultation
from pst.consultations.service_level.turns import Turn
from pst.consultations.states import HoldReason, State
from pst.database import db
from pst.office import days_off
from pst.outbox.bad_addresses import BadAddress
from pst.outbox.incoming.bounces import Bounce
from pst.outbox.models import Delivery, OutboxMail
from pst.web.access import Role
from pst.web.responses import link

# When the desk gets its digest, and until when a late one still makes sense.
DIGESTS = ((time(8), time(12)), (time(14), time(18)))
MAX_LISTED = 30
ABOUT_WAITING = ("officer_answered", "clarity_needed", "closing_warning")


def held_why(consultation: Consultation) -> HoldReason | None:
    """Return why the user may not know that we wait: no mail arrived, none read.

    Without a mail server there is nothing to wait for.
    """
    since = consultation.waiting_since
    if since is None or current_app.config["PST"].mail is None:
        return None
    mark = db.session.get(ReadMark, (consultation.id, consultation.user_id))
    if mark is not None and mark.read_at >= since:
        return None
    about = [
        sa.and_(
            OutboxMail.cause >= f"{kind}:{consultation.number}:",
            OutboxMail.cause < f"{kind}:{consultation.number};",
        )
        for kind in ABOUT_WAITING
    ]
    which = sa.and_(sa.or_(*about), OutboxMail.created_at >= since)
    states = set(db.session.scalars(sa.select(OutboxMail.state).where(which)))
    if Delivery.FAILED in states or BadAddress.of(consultation.user.mailbox[1]):
        return HoldReason.BOUNCED
    is_owed = Delivery.OWED in states or consultation.tell_user_at is not None
    is_owed = is_owed or Bounce.is_delayed(sa.select(OutboxMail.id).where(which))
    return HoldReason.OWED if is_owed else None


def about_which(mail: OutboxMail) -> Consultation | None:
    """Return the conversation whose user `mail` went to, if it is about one."""
    number = mail.cause.split(":")[1:2]
    consultation = number and db.session.scalar(
        sa.select(Consultation).filter_by(number=number[0])
    )
    if consultation and consultation.user.mailbox[1] == mail.to_address:
        return consultation
    return None


def held_seen(consultation: Consultation) -> HoldReason | None:
    """Return why it does not close: a mail refused, or unsent for too long."""
    why = held_why(consultation)
    return why if why is HoldReason.BOUNCED or consultation.closing_held else None


def half_gone(consultation: Consultation) -> bool:
    """Return whether half the service hours until the deadline are over."""
    turn = consultation.turn
    if not turn.is_running or turn.clear_at is None or turn.due_at is None:
        return False
    calendar = days_off.calendar()
    whole = calendar.service_time(turn.clear_at, turn.due_at)
    return calendar.service_time(turn.clear_at, clock.now()) * 2 >= whole


def tell_head_unclaimed(consultation: Consultation) -> None:
    """Mail the head that no one has claimed it at half its time."""
    consultation.turn.half_told_at = clock.now()
    for person in User.serving(Role.HEAD):
        OutboxMail.put(
            "unclaimed",
            to=person.mailbox,
            cause=consultation.cause_of_turn(person),
            consultation=consultation,
            url=link("desk.show", number=consultation.number),
        )


def digest_slot(now: datetime) -> str | None:
    """Return the name of the digest that is to go out at `now`, if any."""
    calendar = days_off.calendar()
    local = now.astimezone(calendar.zone)
    if not calendar.serves_on(local.date()):
        return None
    for begin, end in DIGESTS:
        if begin <= local.time() < end:
            return f"{local:%Y-%m-%d}-{begin:%H}"
    return None


def mail_digest(slot: str) -> None:
    """Mail those on duty what is unclaimed, and what of theirs is due today."""
    waiting = _consultations(Consultation.state == State.QUEUED)
    for person in duty.on_duty():
        due = _consultations(
            Consultation.officer_id == person.id,
            Turn.ended_at.is_(None),
            Turn.due_at < _tomorrow(),
        )
        if person.wants_notices and (waiting or due):
            OutboxMail.put(
                "digest",
                to=person.mailbox,
                cause=f"{slot}:{person.id}",
                waiting=waiting,
                due=due,
                url=link("desk.index"),
                unsubscribe_url=link(
                    "replying.unsubscribe", token=links.sign("digest", str(person.id))
                ),
            )


def _tomorrow() -> datetime:
    zone = days_off.calendar().zone
    return datetime.combine(duty.today() + timedelta(days=1), time(), zone)


def _consultations(*which: sa.ColumnElement[bool]) -> list[Consultation]:
    query = sa.select(Consultation).join(Turn, IS_LATEST).where(*which)
    return list(
        db.session.scalars(query.order_by(Turn.due_at.nulls_first()).limit(MAX_LISTED))
    )
