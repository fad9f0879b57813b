"""An officer who writes again waits again: with no warning and no hold of before."""

import pytest
import sqlalchemy as sa

from pst import clock
from pst.consultations import jobs
from pst.consultations.answers.canned import CannedAnswer
from pst.consultations.models import Consultation
from pst.consultations.states import Category, Channel, HoldReason, LateReason
from pst.database import db
from pst.office.audit import AuditEntry
from pst.rules import WrongState
from pst.web.formats.placeholders import pieces
from tests.owed import mailed


@pytest.mark.parametrize("how", ["answers", "asks"])
def test_another_word_of_the_officer_begins_the_three_days_again(
    consultation, budi, at, how
):
    consultation.claim(budi)
    consultation.say(budi, "Tahun berapa?")
    at("2026-03-04 09:00+07:00")
    consultation.warn_of_closing()
    consultation.hold_closing(HoldReason.BOUNCED)

    at("2026-03-04 10:00+07:00")
    if how == "answers":
        consultation.say(budi, "Atau semua tahun?")
    else:
        consultation.ask_clarity(budi, "Atau semua tahun?")

    assert consultation.waiting_since == clock.now()
    assert consultation.warned_at is None
    assert consultation.closing_held is None


def test_who_wrote_down_a_visit_stands_in_the_trail(budi, siti, at):
    Consultation.record(
        *(budi, siti, Channel.COUNTER, Category.DATA, "Harga gabah", "?", clock.now())
    )

    entry = db.session.scalars(sa.select(AuditEntry).filter_by(action="record")).one()
    assert (entry.actor_id, entry.detail) == (budi.id, {"channel": "counter"})


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Yth. {nama}, {salam}", "Yth. {x}, {salam}"),
        ("{nama}{nama", "{x}{nama"),
        ("{} dan {nama}.", "{} dan {x}."),
        ("Tanpa isian", "Tanpa isian"),
    ],
)
def test_a_field_is_filled_once_and_what_is_none_stays(body, text):
    shown = pieces(body, {"nama": "{x}", "x": "y"})

    assert "".join(part for part, _ in shown) == text
    assert [part for part, is_filled in shown if is_filled] == ["{x}"] * (
        text.count("{x}")
    )


def test_a_text_without_a_deadline_has_a_dash_for_it(consultation, budi):
    consultation.claim(budi)
    text = CannedAnswer(body="{petugas}: {nomor}, {tenggat}")
    assert "5 Maret 2026" in text.filled(consultation, budi)

    consultation.say(budi, "31.000 jiwa.")

    assert text.filled(consultation, budi) == f"{budi.name}: KS-2026-000001, –"


def test_what_an_officer_calls_clear_waits_for_its_user_no_more(consultation, budi, at):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Menurut desa?")

    consultation.mark_clear(budi)

    assert consultation.waiting_since is None
    assert not consultation.is_waiting_for_user


def test_who_is_found_twice_is_warned_once(consultation, budi, at, monkeypatch):
    consultation.claim(budi)
    consultation.say(budi, "Tahun berapa?")
    db.session.commit()
    twice = [consultation.id, consultation.id]
    monkeypatch.setattr(jobs, "silent_ids", lambda *_, **__: twice)

    at("2026-03-04 09:00+07:00")
    jobs.warn_silent()

    assert mailed("closing_warning") == ["siti@contoh.test"]


def test_all_that_was_late_is_explained_and_explained_again_where_it_was(
    consultation, budi, siti, at
):
    consultation.claim(budi)
    at("2026-03-06 09:00+07:00")
    consultation.say(budi, "31.000 jiwa.")
    consultation.say(siti, "Menurut umur?")
    at("2026-03-13 09:00+07:00")
    consultation.say(budi, "Ini tabelnya.")
    first, second = consultation.turns
    assert first.is_late and second.is_late

    consultation.explain_delay(budi, LateReason.WORKLOAD)
    assert [first.late_reason, second.late_reason] == [LateReason.WORKLOAD] * 2

    consultation.say(siti, "Menurut desa?")
    consultation.say(budi, "Tidak ada.")
    consultation.explain_delay(budi, LateReason.COMPLEX)
    reasons = [turn.late_reason for turn in (first, second, consultation.turn)]
    assert reasons == [LateReason.WORKLOAD, LateReason.COMPLEX, None]


def test_no_words_about_a_delay_are_kept_of_what_was_erased(consultation, budi, at):
    consultation.claim(budi)
    at("2026-03-06 09:00+07:00")
    consultation.say(budi, "31.000 jiwa.")
    consultation.erase(by=None)

    with pytest.raises(WrongState, match="dihapus"):
        consultation.explain_delay(budi, LateReason.OTHER, "Bu Siti menunggu lama.")
    consultation.explain_delay(budi, LateReason.OTHER)

    assert consultation.turn.late_reason is LateReason.OTHER
