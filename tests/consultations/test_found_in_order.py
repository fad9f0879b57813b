"""What a search of conversations lists first, how much of it, and for whom."""

import pytest

from pst import clock
from pst.accounts.visitors import visit
from pst.consultations.conversation.conversation_index import (
    MAX_WORDS,
    MESSAGES,
    SHOWN,
    Finder,
    phone_number,
    pieces,
)
from pst.consultations.models import Consultation
from pst.consultations.states import Category, Channel
from pst.database import db
from pst.database.word_index import BEGIN_MARK, END_MARK, MAX_PLACES


def ask(user, subject: str = "Padi", description: str = "Uraian.") -> Consultation:
    consultation = Consultation.ask(user, Category.DATA, subject, description)
    db.session.commit()
    return consultation


def test_the_newest_stand_first_and_so_many(siti, dewi, budi, hasan, andi, at):
    made = [ask(siti) for _ in range(SHOWN - 1)]
    assert not Finder("padi", budi).is_cut
    made.append(ask(dewi))
    newest = [each.number for each in reversed(made)]

    for officer in (budi, hasan):
        finder = Finder("padi", officer)
        assert [each.consultation.number for each in finder.conversations] == newest
        assert finder.is_cut
    assert [f.consultation for f in Finder("padi", dewi).conversations] == [made[-1]]
    assert Finder("padi", andi).conversations == []

    last = ask(siti)
    assert Finder("padi", budi).conversations[0].consultation is last
    assert len(Finder("padi", budi).conversations) == SHOWN


def test_a_conversation_shows_its_request_and_then_its_messages(siti, budi, at):
    answer = ask(siti)
    said = [answer.say(siti, f"Padi {n}.") for n in range(3)]
    db.session.commit()

    [found] = Finder("padi", budi).conversations
    places = [id for id, _ in found.passages]
    assert places[0] is None
    assert len(places) == 3
    assert set(places[1:]) <= {each.id for each in said}


def test_all_words_of_a_name_are_asked_for(siti, budi, at):
    answer = ask(siti, "Lain")

    for words, is_found in (
        *(("siti rahayu", True), ("rahayu siti", True), ("siti aminah", False)),
        *(("x" * 200 + " siti", False), (" ".join(["siti"] * MAX_WORDS), True)),
    ):
        found = [each.consultation for each in Finder(words, budi).conversations]
        assert found == [answer] * is_found, words


def test_an_account_is_found_by_either_address_and_by_no_part_without_an_at(
    siti, budi, at
):
    siti.reachable_at = "surat@pos.test"
    answer = ask(siti, "Lain")

    for words, is_found in (
        *(("siti@contoh", True), ("surat@pos.test", True), ("@pos", True)),
        *(("surat", False), ("pos.test", False)),
    ):
        found = [each.consultation for each in Finder(words, budi).conversations]
        assert found == [answer] * is_found, words


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("08132", None),
        ("081322", "81322"),
        ("81322", "81322"),
        ("8132", None),
        ("+62 813 22", "81322"),
        ("(+62) 813 22", "81322"),
        ("62 813 22", "6281322"),
        ("0813-22x", None),
        ("", None),
    ],
)
def test_a_part_of_a_telephone_number_has_five_digits(typed, number):
    assert phone_number(typed) == number


def test_who_wrote_letters_into_the_field_for_a_number_is_found_by_them(budi, at):
    visitor = visit("a-key", "Pak Darmo", phone="WA mas Darto")
    made = ask_of(visitor, budi)

    assert [each.consultation for each in Finder("darto", budi).conversations] == [made]
    assert Finder("dart", budi).conversations == [], "too short to be a contact"


def ask_of(visitor, budi) -> Consultation:
    consultation = Consultation.record(
        *(budi, visitor, Channel.PHONE, Category.DATA, "Gabah", "?", clock.now())
    )
    db.session.commit()
    return consultation


def test_a_passage_is_cut_at_the_words_that_match():
    shown = pieces(f"satu {BEGIN_MARK}padi{END_MARK} dua {BEGIN_MARK}padi{END_MARK}")

    assert [(each.text, each.is_match) for each in shown] == [
        ("satu ", False),
        ("padi", True),
        (" dua ", False),
        ("padi", True),
    ]


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("padi padi PADI", ["padi"]),
        ("pa padi Wanadadi", ["padi", "Wanadadi"]),
        ("a*a*a*a* b", ["a", "b"]),
        ("KS-2026-000001", ["000001", "2026", "KS"]),
    ],
)
def test_each_word_is_asked_for_once_and_none_that_only_begins_another(
    typed, terms, budi
):
    assert Finder(typed, budi).terms == terms


def test_a_passage_is_chosen_among_the_first_places_of_a_word(budi, at):
    """Who repeats a word a thousand times makes no officer wait."""
    text = "padi " * MAX_PLACES * 2 + "gabah"
    made = ask_of(visit("a-key", "Pak Darmo"), budi)
    entry = made.note(budi, text)
    db.session.commit()

    found = MESSAGES.passages([entry.id], ["padi", "gabah"])[entry.id]

    assert found.startswith(f"{BEGIN_MARK}padi{END_MARK} ")
    assert "gabah" not in found
    assert MESSAGES.passages([entry.id], ["gabah"])[entry.id].startswith("…padi padi")
