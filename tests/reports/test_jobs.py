"""The clock drafts the month that is over, once."""

import pytest
import sqlalchemy as sa

from pst.database import db
from pst.outbox.models import OutboxMail
from pst.reports.jobs import draft_monthly
from pst.reports.models import Report
from pst.reports.periods import Period


def reports() -> list[Report]:
    return list(db.session.scalars(sa.select(Report)))


@pytest.fixture
def served(asked) -> None:
    """Someone asked in January 2026."""
    asked("2026-01-10 09:00+07:00")


def test_the_first_working_day_drafts_the_month_before(served, at):
    at("2026-03-01 12:00+07:00")  # a Sunday
    draft_monthly()
    assert not reports()

    at("2026-03-02 00:05+07:00")
    draft_monthly()
    [report] = reports()
    assert report.period.code == "2026-02"
    assert report.author is None


def test_drafting_twice_drafts_once_and_tells_every_officer_once(served, at):
    at("2026-03-02 08:00+07:00")
    draft_monthly()
    draft_monthly()

    assert len(reports()) == 1
    mails = list(
        db.session.scalars(sa.select(OutboxMail).filter_by(kind="report_drafted"))
    )
    assert sorted(mail.to_address for mail in mails) == [
        "budi@contoh.test",
        "rina@contoh.test",
    ]


def test_a_run_that_was_missed_is_made_up(served, at):
    at("2026-03-25 08:00+07:00")
    draft_monthly()

    assert [report.period.code for report in reports()] == ["2026-02"]


def test_an_officers_own_report_is_enough(served, at, budi):
    Report.draft(Period.parse("2026-02"), budi)
    db.session.commit()

    draft_monthly()

    assert len(reports()) == 1


def test_a_discarded_draft_does_not_come_back(served, at, budi):
    draft_monthly()
    [report] = reports()
    report.take(budi)
    report.discard(budi)
    db.session.commit()

    draft_monthly()

    assert len(reports()) == 1


def test_a_service_that_had_not_begun_has_no_report(asked, at):
    asked("2026-03-01 09:00+07:00")

    draft_monthly()

    assert not reports()
