"""The life of a report: drafted, sent, approved or returned; what was sent stays."""

import pytest
import sqlalchemy as sa

from pst.database import db
from pst.outbox.models import OutboxMail
from pst.reports.models import Report
from pst.reports.periods import Period
from pst.reports.queries import Contents
from pst.reports.states import NEXT, ReportState
from pst.rules import WrongState
from pst.web.access import Role
from tests.owed import mailed
from tests.reports.conftest import MARCH, approve

APRIL = Period.parse("2026-04")
WORDS = {"summary": "Layanan berjalan baik.", "conclusion": "Pertahankan."}


@pytest.fixture
def draft(at, budi) -> Report:
    report = Report.draft(MARCH, budi)
    report.write(budi, "B-1/33040/2026", WORDS)
    db.session.commit()
    return report


def send(report: Report, by) -> None:
    report.send(by, Contents(report).frozen, b"%PDF", b"No.", report.edited_at)
    db.session.commit()


def test_an_officer_gets_the_draft_there_is(draft, budi, rina):
    assert Report.draft(MARCH, budi) is draft
    assert Report.draft(MARCH, rina) is not draft


def test_a_sent_report_reaches_the_head(draft, budi, hasan):
    send(draft, budi)

    assert draft.state is ReportState.SENT
    assert mailed("report_sent") == [hasan.email]


def test_the_head_is_told_when_the_period_is_not_over(draft, budi, at):
    send(draft, budi)
    april = Report.draft(APRIL, budi)
    april.write(budi, "", WORDS)
    at("2026-05-01 00:00+07:00")
    send(april, budi)

    early, late = db.session.scalars(
        sa.select(OutboxMail.body).filter_by(kind="report_sent").order_by("id")
    )
    assert "belum berakhir saat laporan dikirim" in early
    assert "belum berakhir" not in late


def test_what_was_sent_never_changes(draft, budi, asked):
    send(draft, budi)
    asked("2026-03-02 09:00+07:00")
    db.session.expire_all()

    assert Contents(draft).figures["volume"]["total"] == 0
    assert draft.is_intact
    with pytest.raises(WrongState):
        draft.write(budi, "lain", WORDS)


def test_a_changed_row_is_found_by_its_hash_and_not_approved(draft, budi, hasan):
    send(draft, budi)

    draft.frozen = {**draft.frozen, "number": "lain"}

    assert not draft.is_intact
    with pytest.raises(WrongState, match="tidak cocok"):
        approve(draft, hasan)
    assert draft.state is ReportState.SENT


def test_a_report_without_a_summary_is_not_sent(draft, budi):
    draft.write(budi, "", {"conclusion": "Pertahankan."})

    with pytest.raises(WrongState, match="ringkasan"):
        send(draft, budi)


def test_words_changed_since_the_preview_stop_the_sending(draft, budi, at):
    edited_at = draft.edited_at
    at("2026-03-02 09:05+07:00")
    draft.write(budi, "", {**WORDS, "users": "Mahasiswa."})

    with pytest.raises(WrongState, match="jendela lain"):
        draft.send(budi, Contents(draft).frozen, b"%PDF", b"No.", edited_at)


def test_an_approved_report_is_final(draft, budi, hasan):
    send(draft, budi)
    approve(draft, hasan)
    db.session.commit()

    assert draft.state is ReportState.APPROVED
    assert mailed("report_approved") == [budi.email]
    with pytest.raises(WrongState, match="Hasan Basri"):
        draft.hand_back(hasan, "Terlambat.")


def test_a_returned_report_gets_a_new_version_and_stays(draft, budi, hasan):
    send(draft, budi)
    draft.hand_back(hasan, "Tambahkan analisis.")
    newer = draft.revise(budi)
    db.session.commit()

    assert draft.state is ReportState.RETURNED
    assert mailed("report_returned") == [budi.email]
    assert (newer.version, newer.words, newer.previous) == (2, WORDS, draft)
    assert draft.revise(budi) is newer


def test_only_one_officer_writes_the_new_version(draft, budi, rina, hasan):
    send(draft, budi)
    draft.hand_back(hasan, "Tambahkan analisis.")
    draft.revise(rina)

    with pytest.raises(WrongState):
        draft.revise(budi)


def test_only_the_head_decides(draft, budi):
    send(draft, budi)

    with pytest.raises(WrongState):
        approve(draft, budi)


def test_no_one_decides_on_their_own_report(draft, budi, hasan):
    send(draft, budi)
    budi.role = Role.HEAD
    db.session.commit()

    assert not draft.can_be_decided_by(budi)
    with pytest.raises(WrongState, match="susun sendiri"):
        approve(draft, budi)
    with pytest.raises(WrongState, match="susun sendiri"):
        draft.hand_back(budi, "Lebih rinci.")
    assert draft.state is ReportState.SENT
    approve(draft, hasan)
    assert draft.state is ReportState.APPROVED


def test_a_draft_of_the_clock_is_taken_once(at, budi, rina):
    report = Report.draft(MARCH, None)
    report.take(budi)
    report.take(budi)

    with pytest.raises(WrongState, match="Budi"):
        report.take(rina)


def test_another_officers_draft_is_not_known(draft, budi, rina, hasan, siti):
    def known(person) -> list[Report]:
        return list(db.session.scalars(Report.visible_to(person)))

    assert known(budi) == [draft]
    assert known(rina) == known(hasan) == known(siti) == []

    send(draft, budi)
    assert known(rina) == known(hasan) == [draft]
    assert known(siti) == []


def test_a_discarded_draft_is_no_ones(draft, budi):
    draft.discard(budi)
    db.session.commit()

    assert list(db.session.scalars(Report.visible_to(budi))) == []


def test_every_state_is_in_the_table():
    assert set(NEXT) == set(ReportState)
