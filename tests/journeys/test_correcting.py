"""A message is corrected by its author, shortly after it and while it is unread."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from pst.accounts.users import User
from pst.consultations.conversation.conversation_index import Finder
from pst.consultations.messages import EarlierWords, Message
from pst.consultations.models import Consultation
from pst.database import db
from pst.office.audit import AuditEntry
from tests.pages import Browser
from tests.people import email_of

MINE = "/konsultasi/KS-2026-000001"
DESK = "/petugas/konsultasi/KS-2026-000001"
KEY = "sekali"
WRONG, RIGHT = "Untuk tahun 2052 saja.", "Untuk tahun 2025 saja."


def say(person: Browser, text: str) -> int:
    """Send `text`; return the id of the message."""
    path = DESK if person.get(MINE).status_code == 404 else MINE
    fields = {"body": text, "key": KEY}
    if path == DESK:
        fields |= {"press": "kirim", "then": "pengguna"}
    assert person.post(f"{path}/pesan", fields).status_code == 303
    return int(re.findall(r'id="message-(\d+)"', person.get(path).text)[-1])


def correct(person: Browser, id: int, text: str):  # type: ignore[no-untyped-def]
    return person.post(f"{MINE}/pesan/{id}/perbaikan", {"body": text})


def test_a_correction_takes_the_place_of_the_words(
    app: Flask, siti: Browser, budi: Browser, asked: None
):
    id = say(siti, WRONG)
    address = f"{MINE}/pesan/{id}/perbaikan"
    assert address in siti.get(MINE).text
    assert address not in budi.get(DESK).text
    assert WRONG in siti.get(address).text

    answer = correct(siti, id, RIGHT)

    assert answer.location.endswith(f"{MINE}#message-{id}")
    for page in (siti.get(MINE).text, budi.get(DESK).text):
        assert RIGHT in page and WRONG not in page and "diperbaiki" in page
    with app.app_context():
        message = db.session.get_one(Message, id)
        (earlier,) = db.session.scalars(db.select(EarlierWords))
        assert (message.body, earlier.body, earlier.message_id) == (RIGHT, WRONG, id)
        acts = db.session.scalars(db.select(AuditEntry.action))
        assert "correct_message" in set(acts)
        budi_himself = User.with_email(email_of("budi"))
        assert [
            f.consultation.number
            for f in Finder("2025 saja", budi_himself).conversations
        ]
        assert not Finder("2052", budi_himself).conversations


def test_the_poll_of_the_other_side_brings_the_correction(
    siti: Browser, budi: Browser, asked: None
):
    id = say(siti, WRONG)
    (cursor,) = re.findall(
        r'id="thread".*?hx-ptag="([^"]+)"', budi.get(DESK).text, re.S
    )
    headers = {"HX-Request": "true", "HX-PTag": cursor}
    assert budi.get(f"{MINE}/pesan", headers=headers).status_code == 304

    correct(siti, id, RIGHT)

    news = budi.get(f"{MINE}/pesan", headers=headers)
    assert news.status_code == 200
    assert f'id="message-{id}"' in news.text and RIGHT in news.text
    headers["HX-PTag"] = news.headers["HX-PTag"]
    assert budi.get(f"{MINE}/pesan", headers=headers).status_code == 304


@pytest.mark.parametrize(
    "seconds, status", [("01:59", 303), ("02:00", 303), ("02:01", 409)]
)
def test_a_message_can_be_corrected_for_two_minutes(
    siti: Browser, asked: None, at: Callable[[str], None], seconds: str, status: int
):
    id = say(siti, WRONG)

    at(f"2026-03-02 09:{seconds}+07:00")

    assert correct(siti, id, RIGHT).status_code == status


def test_what_was_read_is_not_corrected_and_the_words_are_kept(
    siti: Browser, budi: Browser, asked: None
):
    id = say(siti, WRONG)
    budi.post(f"{MINE}/bacaan", {"upto": str(id)})
    assert f"{MINE}/pesan/{id}/perbaikan" not in siti.get(MINE).text

    refused = correct(siti, id, RIGHT)

    assert refused.status_code == 409
    assert "sudah dibaca" in refused.text and RIGHT in refused.text
    assert WRONG in budi.get(DESK).text
    key = re.findall(r'name="key" value="([^"]+)"', refused.text)[0]
    siti.post(f"{MINE}/pesan", {"body": RIGHT, "key": key})  # as the page offers
    assert RIGHT in budi.get(DESK).text


def test_only_ones_own_message_can_be_corrected(
    siti: Browser, budi: Browser, dewi: Browser, asked: None
):
    hers = say(siti, WRONG)
    his = say(budi, "Baik, kami cari.")

    assert correct(dewi, hers, RIGHT).status_code == 404
    assert correct(budi, hers, RIGHT).status_code == 404
    assert correct(siti, his, RIGHT).status_code == 404
    assert correct(siti, 999, RIGHT).status_code == 404
    assert correct(budi, his, "Baik, kami carikan.").status_code == 303
    assert correct(budi, his, " ").status_code == 422


def test_a_repeat_of_the_first_words_is_not_sent_twice(
    app: Flask, siti: Browser, asked: None
):
    id = say(siti, WRONG)
    correct(siti, id, RIGHT)

    siti.post(f"{MINE}/pesan", {"body": WRONG, "key": KEY})  # its answer was lost

    assert WRONG not in siti.get(MINE).text


def test_erasing_erases_what_stood_there_before_and_what_was_quoted(
    app: Flask, siti: Browser, asked: None
):
    id = say(siti, WRONG)
    siti.post(f"{MINE}/pesan", {"body": "Itu saja.", "key": "k2", "quoted": str(id)})
    correct(siti, id, RIGHT)

    with app.app_context():
        (consultation,) = db.session.scalars(db.select(Consultation))
        consultation.erase(None)
        db.session.commit()
        assert not list(db.session.scalars(db.select(EarlierWords)))
        left = [str(m.data) + m.body for m in db.session.scalars(db.select(Message))]

    assert not [each for each in left if "2052" in each or "2025" in each]


def test_the_head_alone_reads_what_stood_there_before(
    siti: Browser, budi: Browser, hasan: Browser, asked: None
):
    id = say(siti, WRONG)
    correct(siti, id, RIGHT)
    address = f"{MINE}/pesan/{id}/semula"

    assert address in hasan.get(DESK).text
    assert WRONG in hasan.get(address).text and RIGHT in hasan.get(address).text
    assert address not in budi.get(DESK).text
    assert (budi.get(address).status_code, siti.get(address).status_code) == (403, 403)
