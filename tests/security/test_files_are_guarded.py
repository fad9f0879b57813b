"""Files of a conversation: whose they are, what for, and how large."""

from io import BytesIO

import sqlalchemy as sa

from pst.consultations.attached_files import files
from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.messages import Kind, Message
from pst.database import db
from tests.journeys.conftest import Browser
from tests.security.conftest import DESK, MINE


def send(browser: Browser, **more: object):
    form = {"files": (BytesIO(b"%PDF-1.4 rahasia"), "rahasia.pdf"), "key": "satu"}
    return browser.post(f"{MINE}/lampiran", form, **more)


def test_a_file_that_waits_for_its_message_is_its_uploaders_alone(office):
    office["siti"].post(f"{MINE}/pembukaan")
    office["budi"].post(f"{DESK}/pembukaan-kembali")
    sent = send(office["siti"])
    if sent.status_code == 409:
        sent = send(office["budi"])
    assert sent.status_code == 201
    mine = f"{MINE}/lampiran/{sent.json['id']}"
    seen = {
        name: office[name].get(mine).status_code for name in ("siti", "budi", "rina")
    }
    assert sorted(seen.values()) == [200, 404, 404], seen
    assert seen["rina"] == 404


def test_no_one_sends_a_file_that_another_uploaded(office):
    reply = {"body": "Masih ada pertanyaan.", "key": "k8"}
    assert office["siti"].post(f"{MINE}/pesan", reply).status_code == 303, "reopened"
    sent = send(office["budi"])
    assert sent.status_code == 201
    words = {"body": "Dengan berkas orang lain", "key": "k9"}

    refused = office["siti"].post(
        f"{MINE}/pesan", {**words, "attachment": str(sent.json["id"])}
    )

    assert refused.status_code == 422
    assert "tidak lagi tersimpan" in refused.text


def test_the_user_gets_no_file_of_a_note(office):
    with office.app.app_context():
        file = db.session.scalar(sa.select(Attachment).limit(1))
        note = db.session.scalar(sa.select(Message).filter_by(kind=Kind.NOTE))
        assert file is not None and note is not None
        file.message_id, id = note.id, file.id
        db.session.commit()

    assert office["siti"].get(f"{MINE}/lampiran/{id}").status_code == 404
    assert office["budi"].get(f"{MINE}/lampiran/{id}").status_code == 200


def test_a_file_too_large_is_refused_before_it_is_read(office, monkeypatch):
    monkeypatch.setattr(files, "ENVELOPE_BYTES", -10_000_000)
    read = []
    monkeypatch.setattr(files, "store_files", lambda *_: read.append(1))

    assert send(office["siti"]).status_code == 413
    assert not read
