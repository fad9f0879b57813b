"""What a follow-up keeps: its first letter, and the words that were sent."""

import pytest

from pst.database import db
from pst.rules import WrongState
from tests.feedback.letters.steps import mailed, send


def test_a_second_letter_leaves_the_moment_of_the_first(follow_up, budi, at):
    send(follow_up, budi)
    first = follow_up.first_sent_at
    at("2026-03-04 10:00+07:00")
    send(follow_up, budi, "Dan ini yang kedua.")

    assert follow_up.first_sent_at == first
    assert follow_up.sent_at > first


def test_the_same_letter_is_sent_once(follow_up, budi):
    follow_up.claim(budi)
    follow_up.write(budi, "Ini tabelnya.")
    key = follow_up.draft_key
    one = follow_up.send(budi, key)
    assert follow_up.send(budi, key) is one
    assert mailed("follow_up") == ["siti@contoh.test"]


def test_a_text_changed_after_the_preview_is_not_sent(follow_up, budi, at):
    follow_up.claim(budi)
    follow_up.write(budi, "Ini tabelnya.")
    key = follow_up.draft_key
    at("2026-03-02 11:01+07:00")
    follow_up.write(budi, "Ini bukan tabelnya.")

    for other in (key, ""):  # an older preview, or none
        with pytest.raises(WrongState, match="berubah"):
            follow_up.send(budi, other)
    assert mailed("follow_up") == []


def test_a_text_with_a_place_to_fill_is_not_sent(follow_up, budi):
    follow_up.claim(budi)
    follow_up.write(budi, "Yth. {nama}, ini tabelnya.")

    with pytest.raises(WrongState, match="belum diisi"):
        follow_up.send(budi, follow_up.draft_key)


def test_another_officer_neither_writes_nor_sends_nor_closes(follow_up, budi, rina):
    follow_up.claim(budi)
    follow_up.write(budi, "Ini tabelnya.")
    for press in (
        lambda: follow_up.write(rina, "x"),
        lambda: follow_up.send(rina, follow_up.draft_key),
        lambda: follow_up.close(rina, "Sudah."),
        lambda: follow_up.hand_over(rina, rina),
    ):
        with pytest.raises(WrongState, match="ditangani Budi"):
            press()


def test_the_same_answer_twice_is_one(follow_up, budi):
    send(follow_up, budi)
    one = follow_up.answer("Masih kurang.", key="k")

    assert follow_up.answer("Masih kurang.", key="k") is one
    assert follow_up.answer("Yang lain.", key="k") is not one


def test_erasing_leaves_no_word_and_keeps_the_steps(follow_up, budi):
    send(follow_up, budi)
    follow_up.answer("Masih kurang.")
    follow_up.write(budi, "Tulisan yang belum dikirim")
    db.session.commit()
    steps = [(entry.step, entry.created_at) for entry in follow_up.entries]

    follow_up.rating.erase()
    db.session.commit()

    assert [(entry.step, entry.created_at) for entry in follow_up.entries] == steps
    words = {entry.body for entry in follow_up.entries}
    assert words <= {"", "(dihapus)"}
    assert (follow_up.draft, follow_up.draft_at, follow_up.resolution) == ("", None, "")
    assert follow_up.rating.comment == ""
    assert follow_up.rating.score == 1


def test_what_was_erased_is_not_answered(follow_up, siti):
    assert follow_up.is_answerable

    follow_up.consultation.erase(siti)

    assert not follow_up.is_answerable


def test_names_of_files_are_erased_too(follow_up, budi):
    send(follow_up, budi)
    entry = follow_up.entries[-1]
    entry.data = {"files": ["KTP Siti.pdf"], "n": 1}

    follow_up.erase()

    assert entry.data == {"files": ["(dihapus)"], "n": 1}
