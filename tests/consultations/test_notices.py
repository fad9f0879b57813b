"""Mails to users when an officer wrote and they were not looking."""

from urllib.parse import urlsplit

import pytest

from pst.accounts.users import User
from pst.consultations import jobs
from pst.consultations.jobs import send_digest, tell_users
from pst.consultations.models import Consultation
from pst.consultations.states import Next, Reason
from pst.database import db
from pst.outbox.message.mail_parts import as_message
from pst.outbox.models import OutboxMail


@pytest.fixture
def answered(consultation: Consultation, budi, at) -> Consultation:
    """Budi answered on Monday at 09.00."""
    consultation.claim(budi)
    consultation.say(budi, "Jumlahnya 31.000 jiwa.")
    db.session.commit()
    return consultation


def letters() -> list[OutboxMail]:
    kinds = ("officer_answered", "clarity_needed")
    query = db.select(OutboxMail).where(OutboxMail.kind.in_(kinds))
    return list(db.session.scalars(query.order_by(OutboxMail.id)))


def test_who_does_not_look_is_mailed_after_two_minutes(answered, at):
    at("2026-03-02 09:01:59+07:00")
    tell_users()
    assert letters() == []

    at("2026-03-02 09:02+07:00")
    tell_users()
    tell_users()
    (letter,) = letters()
    assert "31.000" not in letter.body + letter.subject
    assert "/balas/" in letter.body
    text = as_message(letter).as_bytes().decode()
    assert f"\r\nList-Unsubscribe: <{letter.unsubscribe_url}>\r\n" in text
    assert f"\n{letter.unsubscribe_url}\n" in letter.body


def test_there_is_one_mail_in_fifteen_minutes(answered, budi, at):
    at("2026-03-02 09:02+07:00")
    tell_users()
    answered.say(budi, "Menurut sensus.")
    db.session.commit()
    at("2026-03-02 09:10+07:00")
    answered.say(budi, "Tabelnya menyusul.", then=Next.OFFICER)
    db.session.commit()

    at("2026-03-02 09:16:59+07:00")
    tell_users()
    assert len(letters()) == 1
    at("2026-03-02 09:17+07:00")
    tell_users()
    assert len(letters()) == 2


def test_who_has_read_it_is_not_mailed(answered, siti, at):
    answered.read(siti, answered.newest_shown_id)
    db.session.commit()

    at("2026-03-02 09:30+07:00")
    tell_users()

    assert letters() == []


def test_who_has_it_open_is_not_mailed_until_they_leave(
    answered, siti, at, monkeypatch
):
    at("2026-03-02 09:02+07:00")
    monkeypatch.setattr(jobs, "present_ids", lambda number: {siti.id})
    tell_users()
    assert letters() == []

    monkeypatch.setattr(jobs, "present_ids", lambda number: set())
    tell_users()
    assert len(letters()) == 1


def test_a_question_of_the_officer_is_told_as_one(consultation, budi, at):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana?")
    db.session.commit()

    at("2026-03-02 09:02+07:00")
    tell_users()

    assert [letter.kind for letter in letters()] == ["clarity_needed"]


def test_who_switched_them_off_gets_none(answered, siti, at):
    siti.choose_notices(False)
    db.session.commit()

    at("2026-03-02 09:30+07:00")
    tell_users()
    tell_users()

    assert letters() == []
    assert answered.tell_user_at is None


def test_the_mail_about_the_closing_is_enough(answered, budi, at):
    answered.close(Reason.RESOLVED, by=budi)
    db.session.commit()

    at("2026-03-02 09:30+07:00")
    tell_users()

    assert letters() == []


def off_path(letter: OutboxMail) -> str:
    return urlsplit(letter.unsubscribe_url or "").path


def test_one_press_in_a_mailbox_switches_notices_off(app, answered, siti, at):
    at("2026-03-02 09:02+07:00")
    tell_users()
    (letter,) = letters()
    path, id = off_path(letter), siti.id
    db.session.remove()

    mailbox = app.test_client()
    answer = mailbox.post(path, data={"List-Unsubscribe": "One-Click"})
    again = mailbox.post(path, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, again.status_code) == (204, 204)
    assert mailbox.post(path + "x").status_code == 404

    assert not db.session.get_one(User, id).wants_notices


def test_an_officer_switches_the_digest_off_with_one_press(
    app, consultation, budi, rina, at
):
    at("2026-03-02 08:05+07:00")
    send_digest()
    letter = OutboxMail.query.filter_by(to_address=budi.email, kind="digest").one()
    path, id, other = off_path(letter), budi.id, rina.id
    db.session.remove()

    app.test_client().post(path, data={"List-Unsubscribe": "One-Click"})
    at("2026-03-02 14:05+07:00")
    send_digest()

    digests = OutboxMail.query.filter_by(kind="digest", to_address=letter.to_address)
    assert digests.count() == 1
    assert not db.session.get_one(User, id).wants_notices
    assert db.session.get_one(User, other).wants_notices
