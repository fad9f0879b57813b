"""A person's copy holds what is theirs in order, and nothing of another or of ours."""

import json
import re

import pytest
import sqlalchemy as sa

from pst import clock
from pst.accounts.address_change import AddressChange
from pst.accounts.log_in.two_step import TwoStep
from pst.accounts.log_ins import LogIn
from pst.accounts.registration.registrations import Registration
from pst.accounts.tokens import LinkToken, TokenPurpose
from pst.accounts.users import User
from pst.accounts.visitors import visit
from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.conversation.read_marks import ReadMark
from pst.consultations.filing.unfiled import UnfiledRequest
from pst.consultations.models import Consultation
from pst.consultations.states import Category, Channel, Reason
from pst.database import db
from pst.feedback.models import Rating
from pst.feedback.survey_answers import SurveyAnswer
from pst.office import audit
from pst.office.audit import AuditEntry
from pst.personal_data import erasure
from pst.personal_data.copy import Copy
from pst.personal_data.copy_file import as_data, as_zip
from pst.personal_data.queries import SHOWN_RUNS, last_retentions
from pst.push.devices import PushDevice
from pst.single_sign_on.models import SignOnAccount
from pst.uploads import storage
from pst.uploads.file_types import Format
from pst.uploads.storage import StoredFile
from tests.kept_files import lose

ABOUT = {
    **{"password_hash": "rahasia-hash", "name": "Siti", "consent_version": "1"},
    **{"institution_kind": "perorangan", "institution": "", "occupation": "lainnya"},
}


def keep(consultation: Consultation, person: User, text: bytes) -> Attachment:
    file = StoredFile("a.pdf", Format.PDF, len(text), storage.keep(text), None)
    return Attachment.keep(
        file, consultation_id=consultation.id, uploader=person, key=str(text)
    )


def served(user: User, budi: User) -> Consultation:
    """Answer a request with a file, and have it rated and the survey filled in."""
    consultation = Consultation.ask(user, Category.DATA, "Padi", "Produksi?")
    consultation.claim(budi)
    consultation.say(
        user, "Berkas saya.", attachments=[keep(consultation, user, b"%PDF-1.7 satu")]
    )
    consultation.note(budi, "Catatan kantor.")
    consultation.say(budi, "Ini tabelnya.")
    consultation.read(user, consultation.newest_id)
    consultation.close(Reason.RESOLVED, by=budi)
    SurveyAnswer.give(Rating.leave(consultation, 1, "Kurang."), {"u1": 4, "u2": 1})
    keep(consultation, user, b"%PDF-1.7 dua")
    return consultation


@pytest.fixture
def leave(budi: User, at: object) -> object:
    """Leave what only serves an account: one row in each of its tables."""

    def left(user: User) -> None:
        consultation = Consultation.ask(user, Category.DATA, "Jagung", "Produksi?")
        consultation.read(user, consultation.newest_id)
        LinkToken.issue(user, TokenPurpose.NEW_PASSWORD)
        TwoStep.start(user)
        AddressChange.ask(user, f"baru-{user.id}@contoh.test")
        now, address = clock.now(), f"https://push.contoh.test/{user.id}"
        keys = {"public_key": "kunci-umum", "secret": "kunci-rahasia", "name": "Edge"}
        db.session.add(PushDevice(user=user, endpoint=address, created_at=now, **keys))
        account = {"issuer": "i", "subject": f"s{user.id}", "linked_at": now}
        db.session.add(SignOnAccount(user_id=user.id, **account))
        asked_for = (Category.DATA, "Padi", "Produksi?")
        more = {"details": {}, "key": str(user.id), "network": "192.0.2.0/24"}
        UnfiledRequest.keep(user, *asked_for, **more)
        Registration.put(user, ABOUT, set(), "192.0.2.0/24", None)
        LogIn.open(user, "telepon")
        db.session.flush()

    return left


SERVE_THE_ACCOUNT = (
    *(ReadMark, LinkToken, TwoStep, AddressChange, PushDevice, SignOnAccount),
    *(UnfiledRequest, Registration, LogIn),
)


def test_what_served_the_account_alone_goes_with_it(siti, dewi, leave):
    for person in (siti, dewi):
        leave(person)

    erasure.erase(siti, by=siti)
    db.session.flush()

    for model in SERVE_THE_ACCOUNT:
        rows = db.session.scalars(sa.select(model.user_id))
        assert set(rows) == {dewi.id}, model.__name__


def test_the_copy_is_whole_in_order_and_only_of_its_person(siti, dewi, budi, leave):
    hers, others = served(siti, budi), served(dewi, budi)
    called = visit("a", "Siti R.", reachable_at="SITI@contoh.test")
    what = (Channel.PHONE, Category.DATA, "Beras", "?")
    call = Consultation.record(budi, called, *what, clock.now())
    call.note_answer(budi, "Lihat tabel beras.", closes=True)
    SurveyAnswer.give(Rating.leave(call, 5), {"u1": 3})  # by the link that was mailed
    audit.record("deactivate", siti.subject, budi.id)
    db.session.flush()

    copy = Copy(siti)

    assert copy.consultations == [hers, call]
    said = [each.body for each in copy.messages[hers.id] if each.body]
    assert said == ["Berkas saya.", "Ini tabelnya."]
    events = [each.event for each in copy.messages[hers.id] if each.event]
    assert events[0] == "asked" and events[-1] == "resolved"
    assert (set(copy.ratings), set(copy.read_marks)) == ({hers.id, call.id}, {hers.id})
    assert [row.user_id for row in copy.surveys] == [siti.id, called.id]
    answers = {each.code: words for each, words in copy.answers(copy.surveys[0])}
    assert answers == {"u1": "Sangat sesuai", "u2": "Tidak mudah"}
    assert {mail.to_address for mail in copy.mails} == {siti.email, "SITI@contoh.test"}
    assert {entry.actor_id for entry in copy.traces} == {siti.id, called.id}
    assert len(copy.unsent) == 1 and copy.unsent[0].uploader_id == siti.id
    assert len(copy.attachments) == 2, "one sent and one not sent yet"
    assert others.number not in {row.number for row in copy.consultations}


def test_no_key_and_no_word_of_the_office_is_in_the_copy(siti, budi, andi, leave):
    asked = served(siti, budi)
    leave(siti)
    asked.turn.late_note = "Terlambat karena banjir."
    siti.password_hash = "rahasia-hash"
    follow_up = Rating.of(asked).follow_up
    follow_up.claim(budi)
    follow_up.pass_on(None, by=andi)
    db.session.flush()
    lose(b"%PDF-1.7 satu")

    data = as_data(Copy(siti))

    text = json.dumps(data, default=str)
    for secret in ("rahasia-hash", "kunci-rahasia", "push.contoh.test", "banjir"):
        assert secret not in text
    for rows in (data["perangkat"], data["pemberitahuan"]):
        assert not {"token_hash", "secret", "endpoint", "user_id"} & rows[0].keys()
    assert "reviewed_by_id" not in data["konsultasi"][0]["penilaian"]
    assert not re.search(r"/nilai/[\w.-]{20}", text), "no link that still works"
    assert data["tindak_lanjut"][0]["surat"] == [], "steps of the office are no letters"
    with as_zip(Copy(siti)) as whole:
        assert whole.read(2) == b"PK", "a file that is gone stops nothing"


def test_the_trail_names_to_its_person_only_what_has_a_number(siti, budi):
    copy = Copy(siti)
    for subject, number in (
        ("consultation:KS-2026-000001", "KS-2026-000001"),
        ("follow_up:TL-2026-000001", "TL-2026-000001"),
        (siti.subject, ""),
    ):
        assert copy.number_in(AuditEntry(subject=subject)) == number


def test_the_admin_sees_the_last_ten_nights_on_which_something_went(context):
    for count in range(SHOWN_RUNS + 1):
        audit.record("retention", "office", None, mails=count + 1)
        audit.record("erase", "user:1", None)

    shown = [entry.detail["mails"] for entry in last_retentions()]

    assert shown == list(range(SHOWN_RUNS + 1, 1, -1))
