"""A message is stored at most once, and notes stay among officers."""

from pst.consultations.conversation.thread import Thread
from pst.consultations.messages import Message
from pst.database import db


def test_a_repeated_key_finds_the_message_already_stored(consultation, budi):
    consultation.claim(budi)

    first = consultation.say(budi, "Halo", key="k")
    again = consultation.say(budi, "Halo", key="k")

    assert again is first
    assert db.session.query(Message).filter_by(body="Halo").count() == 1


def test_the_same_key_and_words_of_two_people_are_two_messages(
    consultation, budi, siti
):
    consultation.claim(budi)

    hers = consultation.say(siti, "Terima kasih.", key="k")
    his = consultation.say(budi, "Terima kasih.", key="k")

    assert (hers.author, his.author) == (siti, budi)
    assert db.session.query(Message).filter_by(body="Terima kasih.").count() == 2


def test_a_note_is_for_officers_only(consultation, budi, siti):
    consultation.note(budi, "Tanya bagian neraca.")

    theirs = [m.body for m in Thread(consultation, budi).messages]
    hers = [m.body for m in Thread(consultation, siti).messages]

    assert "Tanya bagian neraca." in theirs
    assert "Tanya bagian neraca." not in hers
    assert consultation.newest_shown_id < consultation.newest_id
