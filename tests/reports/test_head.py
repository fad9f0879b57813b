"""What the head sees first: decisions, what is late and whose, the last full month."""

import pytest
import sqlalchemy as sa

from pst.consultations.messages import Message
from pst.consultations.models import Consultation
from pst.consultations.service_level.turns import End
from pst.consultations.states import State
from pst.database import db
from pst.outbox.models import OutboxMail
from pst.reports.figures.period_figures import Figures
from pst.reports.head.jobs import mail_heads
from pst.reports.head.overview import Overview
from pst.reports.head.owed import OwedWork
from pst.reports.models import Report
from pst.reports.periods import Period
from pst.reports.queries import Contents
from tests.reports.conftest import FEBRUARY, approve

WORDS = {"summary": "Layanan berjalan baik.", "conclusion": "Pertahankan."}


@pytest.fixture
def week(asked, budi, rina, at) -> list[Consultation]:
    """Wednesday 4 March at 9: seven late, one due today, one later, one closed."""
    at("2026-03-04 09:00+07:00")
    late = [
        asked(
            f"2026-02-{day} 09:00+07:00",
            due_at=f"2026-02-{day + 3} 15:30+07:00",
            officer=budi if day < 13 else None,
            state=State.ACTIVE if day < 13 else State.QUEUED,
        )
        for day in range(10, 17)
    ]
    due = {"due_at": "2026-03-04 15:30+07:00", "officer": rina}
    today = asked("2026-02-27 09:00+07:00", **due)
    later = {"due_at": "2026-03-05 15:30+07:00", "officer": rina}
    tomorrow = asked("2026-03-02 09:00+07:00", **later)
    moments = {
        "due_at": "2026-02-06 15:30+07:00",
        "closed_at": "2026-02-09 09:00+07:00",
    }
    moments["end"] = End.UNANSWERED
    return [*late, today, tomorrow, asked("2026-02-03 09:00+07:00", **moments)]


def test_the_worst_five_stand_first_with_whose_they_are(week):
    owed = OwedWork()

    assert owed.late_count == 7
    assert [row.number for row in owed.late] == [each.number for each in week[:5]]
    assert [row.officer for row in owed.late] == [*["Budi Santoso"] * 3, None, None]


def test_the_queue_and_what_falls_due_today_are_counted(week):
    owed = OwedWork()

    assert owed.queued == 4
    assert owed.queued_since == week[3].asked_at
    assert owed.due_today == 1


def test_a_due_moment_that_passes_is_late_from_then_on(week, at):
    at("2026-03-04 15:30+07:00")
    assert (OwedWork().late_count, OwedWork().due_today) == (7, 1)

    at("2026-03-04 15:30:01+07:00")
    assert (OwedWork().late_count, OwedWork().due_today) == (8, 0)


def test_an_empty_desk_has_nothing_late(at, hasan):
    overview = Overview(hasan)

    assert (overview.owed.late_count, overview.owed.late) == (0, [])
    assert (overview.owed.queued, overview.owed.queued_since) == (0, None)
    assert overview.decisions == 0 and overview.unowned == []


def test_each_officer_has_what_is_in_hand_and_was_answered_today(week, budi, rina, at):
    at("2026-03-03 23:59+07:00")
    week[7].say(rina, "Kemarin.", key="a")
    at("2026-03-04 09:00+07:00")
    for number, key in enumerate("bcd"):
        week[number % 2].say(budi, f"Jawaban {number}.", key=key)
    db.session.commit()

    by_name = {each.name: each for each in OwedWork().officers}
    budi_today, rina_today = by_name[budi.name], by_name[rina.name]

    assert (budi_today.open, budi_today.late) == (3, 1)
    assert budi_today.answered == 2, "conversations, not messages"
    assert (rina_today.open, rina_today.late) == (2, 0)
    assert rina_today.answered == 0, "yesterday is not today"
    assert budi_today.is_on_duty
    assert db.session.scalar(sa.select(sa.func.count(Message.id))) >= 4


def test_what_waits_for_a_decision_is_the_readers_own(at, budi, hasan):
    report = Report.draft(FEBRUARY, budi)
    report.write(budi, "", WORDS)
    db.session.commit()
    assert Overview(hasan).reports == []

    report.send(budi, Contents(report).frozen, b"%PDF", b"No.", report.edited_at)
    db.session.commit()
    assert Overview(hasan).reports == [report]
    assert Overview(budi).reports == [], "no one decides on their own"
    approve(report, hasan)
    db.session.commit()
    assert Overview(hasan).decisions == 0


def test_the_last_full_month_stands_against_the_one_before(week, hasan):
    overview = Overview(hasan)
    whole = Figures(FEBRUARY).frozen()

    assert overview.month == FEBRUARY
    assert overview.compared.written[0][1] == "9"
    figures = {**whole, "before": Figures(Period.parse("2026-01")).headline}
    assert figures["before"] == whole["before"]
    assert [row[1] for row in overview.compared.written] == [
        row[1] for row in Contents(Report.draft(FEBRUARY, None)).tables[0].written
    ]


def mails() -> list[OutboxMail]:
    query = sa.select(OutboxMail).filter_by(kind="weekly").order_by(OutboxMail.id)
    return list(db.session.scalars(query))


@pytest.mark.parametrize(
    ("when", "count"),
    [
        ("2026-03-02 05:59+07:00", 0),  # a Monday
        ("2026-03-02 06:00+07:00", 1),
        ("2026-03-06 23:59+07:00", 1),  # a missed Monday is made up until Friday
        ("2026-03-07 06:00+07:00", 0),
        ("2026-03-08 06:00+07:00", 0),
    ],
)
def test_the_mail_goes_on_monday_or_after(week, hasan, at, when, count):
    at(when)
    mail_heads()

    assert len(mails()) == count


def test_the_mail_goes_once_a_week_with_the_numbers_of_the_screen(week, hasan, at):
    at("2026-03-09 07:00+07:00")
    mail_heads()
    mail_heads()
    [mail] = mails()
    overview = Overview(hasan)

    assert mail.to_address == hasan.email
    assert (
        mail.subject
        == f"Pekan ini: {overview.owed.late_count} lewat tenggat, 0 menunggu keputusan"
    )
    assert f"Lewat tenggat: {overview.owed.late_count}" in mail.body
    assert (
        f"Dalam antrian: {overview.owed.queued}, terlama sejak 13 Februari" in mail.body
    )
    for row in overview.owed.late:
        assert row.number in mail.body
    for text, now, before, _ in overview.compared.written:
        assert f"- {text}: {now} ({before})" in mail.body

    at("2026-03-16 07:00+07:00")
    mail_heads()
    assert len(mails()) == 2


def test_a_head_who_wants_no_mail_gets_none(week, hasan, at):
    at("2026-03-09 07:00+07:00")
    hasan.choose_notices(False)
    db.session.commit()

    mail_heads()

    assert mails() == []


def test_a_service_that_had_not_begun_mails_nothing(at, hasan):
    at("2026-03-09 07:00+07:00")
    mail_heads()

    assert mails() == []
