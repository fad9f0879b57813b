"""An officer who writes again waits anew: with no warning and no hold of before."""

import pytest
import sqlalchemy as sa

from pst import clock
from pst.consultations.answers.canned import CannedAnswer, pieces
from pst.consultations.models import Consultation
from pst.consultations.states import Category, Channel, Held
from pst.database import db
from pst.office.audit import AuditEntry


@pytest.mark.parametrize("how", ["answers", "asks"])
def test_another_word_of_the_officer_begins_the_three_days_again(
    consultation, budi, at, how
):
    consultation.claim(budi)
    consultation.say(budi, "Tahun berapa?")
    at("2026-03-04 09:00+07:00")
    consultation.warn_of_closing()
    consultation.hold_closing(Held.BOUNCED)

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
