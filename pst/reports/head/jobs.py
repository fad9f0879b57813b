"""The Monday mail to the heads: the numbers of their first screen."""

from datetime import date, datetime, time

from pst import clock
from pst.accounts.users import User
from pst.consultations import links
from pst.database import transaction
from pst.office import settings
from pst.outbox.models import OutboxMail
from pst.reports.head.overview import Overview
from pst.reports.queries import first_asked_at
from pst.web.access import Role
from pst.web.responses import link

EARLIEST = time(6)
FRIDAY = 4


def mail_heads() -> None:
    """Mail each head once a week, from Monday at 6; a missed Monday is made up."""
    with transaction():
        week = week_to_mail(clock.now().astimezone(settings.current().zone))
        if week is None or first_asked_at() is None:
            return
        for head in User.serving(Role.HEAD):
            if head.wants_notices:
                _mail(head, week)


def week_to_mail(local: datetime) -> str | None:
    """Return the week whose mail may go out now, as `2026-W10`; else None."""
    if local.weekday() > FRIDAY or (local.weekday() == 0 and local.time() < EARLIEST):
        return None
    return week_of(local.date())


def week_of(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _mail(head: User, week: str) -> None:
    cause = f"{week}:{head.id}"
    if OutboxMail.is_put("weekly", cause):
        return  # counting takes a while, and the timetable asks often
    OutboxMail.put(
        "weekly",
        to=head.mailbox,
        cause=cause,
        overview=Overview(head),
        url=link("head.index"),
        unsubscribe_url=link(
            "replying.unsubscribe", token=links.sign("digest", str(head.id))
        ),
    )
