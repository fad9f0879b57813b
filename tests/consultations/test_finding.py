"""Finding across conversations: every word, everyone's, and only at the desk."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pst.accounts.visitors import visit
from pst.consultations.conversation import conversation_index
from pst.consultations.conversation.conversation_index import (
    CONSULTATIONS,
    MESSAGES,
    Finder,
)
from pst.consultations.messages import Message
from pst.consultations.models import Consultation
from pst.consultations.states import Category, Channel
from pst.database import db
from pst.personal_data import erasure
from pst.personal_data.jobs import forget_words


def numbers(words: str, reader) -> list[str]:
    return [found.consultation.number for found in Finder(words, reader).conversations]


@pytest.fixture
def talked(consultation, budi):
    """A conversation with an answer and a note."""
    consultation.claim(budi)
    consultation.say(budi, "Jumlahnya 31.000 jiwa menurut proyeksi.")
    consultation.note(budi, "Rahasia: salah hitung tahun lalu.")
    db.session.commit()
    return consultation


@pytest.mark.parametrize(
    "words",
    [
        *("proyeksi", "PROYEKSI jiwa", "proy", "rahasia", "Wanadadi", "umur 2020"),
        *("KS-2026-000001", "000001", "siti", "Siti Rahayu"),
    ],
)
def test_all_that_was_written_is_found(talked, budi, words):
    assert numbers(words, budi) == [talked.number]


@pytest.mark.parametrize("words", ["", "  ", "inflasi", "proyeksi inflasi", "_ - %"])
def test_what_was_not_written_is_not(talked, budi, words):
    assert numbers(words, budi) == []


def test_no_one_finds_what_they_may_not_know_of(talked, dewi):
    assert numbers("proyeksi", dewi) == []


def test_the_words_are_marked(talked, budi):
    [found] = Finder("proyeksi", budi).conversations
    [(id, pieces)] = found.passages

    assert db.session.get_one(Message, id).body.startswith("Jumlahnya")
    assert [piece.text for piece in pieces if piece.is_match] == ["proyeksi"]


def assert_index_agrees():
    """Let SQLite compare its words with the rows; PostgreSQL keeps both in a row."""
    if db.engine.dialect.name == "sqlite":
        for name in (CONSULTATIONS.name, MESSAGES.name):
            check = f"INSERT INTO {name}({name}, rank) VALUES('integrity-check', 1)"
            db.session.execute(sa.text(check))


def test_a_message_not_committed_is_not_found(talked, budi):
    talked.say(budi, "Tambahan tentang inflasi.")
    assert numbers("inflasi", budi) == [talked.number]

    db.session.rollback()

    assert numbers("inflasi", budi) == []


def test_a_text_that_was_taken_out_is_not_found(talked, budi):
    db.session.execute(sa.update(Message).values(body="dihapus"))

    assert numbers("proyeksi", budi) == []
    assert_index_agrees()


def test_the_index_agrees_with_the_messages_and_can_be_filled_again(talked, budi):
    assert_index_agrees()
    conversation_index.rebuild()
    assert_index_agrees()

    assert numbers("rahasia", budi) == [talked.number]


@hypothesis_settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
    ],
)
@given(words=st.text(max_size=300))
def test_nothing_typed_breaks_it(talked, budi, words):
    words = words.encode("utf-8", "replace").decode()
    assert len(numbers(words, budi)) <= 1


@pytest.mark.parametrize("words", ["SL-7788", "sl 7788", "7788", "sl-77"])
def test_its_number_in_silastik_is_found_as_long_as_it_has_it(talked, budi, words):
    assert numbers(words, budi) == []
    talked.note_silastik(budi, "SL-7788")
    db.session.commit()

    assert numbers(words, budi) == [talked.number]
    assert_index_agrees()

    talked.note_silastik(budi, "")
    db.session.commit()
    assert numbers(words, budi) == []


@pytest.fixture
def called(at, budi) -> Consultation:
    """What someone asked by telephone, who left a number and an address."""
    visitor = visit(
        *("a-key", "Pak Darmo"),
        phone="0813 222 333 44",
        reachable_at="darmo@contoh.test",
    )
    consultation = Consultation.record(
        *(budi, visitor, Channel.PHONE, Category.DATA, "Harga gabah", "Berapa?"),
        datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
    )
    db.session.commit()
    return consultation


@pytest.mark.parametrize(
    "words",
    [
        *("0813 222", "081322233344", "0813-222-333-44", "+62 813 222 333", "33344"),
        *("(0813) 222", "darmo@contoh.test", "DARMO@contoh"),
    ],
)
def test_who_left_a_contact_is_found_by_it(called, talked, budi, words):
    assert numbers(words, budi) == [called.number]


@pytest.mark.parametrize("words", ["0814 222", "2233", "813 22 x", "@", "contoh test"])
def test_another_contact_finds_no_one(called, budi, words):
    assert numbers(words, budi) == []


def test_who_was_erased_is_found_by_no_contact(called, budi, andi):
    called.note_silastik(budi, "SL-7788")
    erasure.erase(called.user, by=andi)
    db.session.commit()
    forget_words()

    for words in ("0813 222 333 44", "darmo@contoh.test", "darmo", "SL-7788"):
        assert numbers(words, budi) == []
    assert_index_agrees()
