"""Recurring work on reports: draft the month that is over."""

from pst import clock
from pst.accounts.users import User
from pst.database import db, transaction
from pst.office import days_off, settings
from pst.outbox.models import OutboxMail
from pst.reports.models import Report
from pst.reports.periods import Period
from pst.reports.queries import first_asked_at
from pst.web.access import Role
from pst.web.responses import link


def draft_monthly() -> None:
    """Draft last month's report on the first working day of a month, or after."""
    zone = settings.current().zone
    today = clock.today(zone)
    first_workday = days_off.calendar().next_workday(today.replace(day=1))
    period = Period.holding(today, 1).before
    db.session.rollback()
    if today < first_workday:
        return
    with transaction():
        if Report.exists(period) or not _had_begun(period):
            return
        report = Report.draft(period, None)
        for officer in User.serving(Role.OFFICER):
            OutboxMail.put(
                "report_drafted",
                to=officer.mailbox,
                cause=f"report:{report.id}:{officer.id}",
                report=report,
                url=link("reports.show", id=report.id),
            )


def _had_begun(period: Period) -> bool:
    """Return whether any consultation was asked by the end of `period`."""
    _, end = period.bounds(settings.current().zone)
    first = first_asked_at()
    return first is not None and first < end
