"""What every mail looks like on the wire: lines, encodings, headers, one-click."""

import email
import email.policy
import re
import shutil
import subprocess
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from flask import Flask, current_app

from pst import clock
from pst.accounts.users import User
from pst.database import db, transaction
from pst.outbox.mail_files import Enclosure
from pst.outbox.message.addresses import UnwritableAddress, ascii_address
from pst.outbox.message.mail_parts import as_message
from pst.outbox.models import OutboxMail
from tests.outbox import every_mail
from tests.post_office import PostOffice

NOT_OWED = {"officer_answered", "clarity_needed", "digest", "rating_reminder", "weekly"}
MAX_POINTS = 0.5
SCORE = re.compile(r"^X-Spam-Status: \w+,\s+score=(-?[\d.]+)", re.M)
Owe = Callable[..., int]


@pytest.fixture
def sent(app: Flask, siti: User, owe: Owe) -> Callable[[str], bytes]:
    """Write a mail of a kind as it would go now."""

    def write(kind: str) -> bytes:
        subject, body = every_mail.write(kind)
        id = owe(siti, kind)
        with transaction():
            mail = db.session.get_one(OutboxMail, id)
            mail.kind, mail.subject, mail.body = kind, subject, body
            mail.thread = "KS-2026-000123"
            if kind in NOT_OWED:
                mail.unsubscribe_url = f"http://127.0.0.1:8000/berhenti/{'a' * 120}"
            with current_app.test_request_context():
                return as_message(mail).as_bytes()

    return write


def parsed(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)  # type: ignore[arg-type,return-value]


@pytest.mark.parametrize("kind", every_mail.KINDS)
def test_a_mail_is_short_lines_of_ascii_with_all_its_headers(
    kind: str, sent: Callable[[str], bytes]
):
    raw = sent(kind)
    mail = parsed(raw)

    assert raw.isascii() and b"\n" not in raw.replace(b"\r\n", b"")
    header, _, body = raw.partition(b"\r\n\r\n")
    assert max(map(len, body.split(b"\r\n"))) <= 78
    for line in header.split(b"\r\n"):
        assert len(line) <= (998 if line.startswith(b"List-Unsubscribe:") else 78)
    assert mail.get_content_type() == "multipart/alternative"
    parts = list(mail.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert {part["Content-Transfer-Encoding"] for part in parts} == {"quoted-printable"}
    assert mail["Content-Language"] == "id"
    assert mail["References"] == "<ks-2026-000123@127.0.0.1>"
    assert mail["Date"].datetime == clock.now().replace(microsecond=0)
    assert mail["To"].addresses[0].display_name == "Siti Rahayu"
    one_click = mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert one_click is (kind in NOT_OWED)


def test_the_date_is_that_of_the_try_and_the_id_stays(
    siti: User, owe: Owe, post_office: PostOffice, at: Callable[[str], None]
):
    id = owe(siti)
    dates, ids = set(), set()
    for hour in (9, 14):
        at(f"2026-03-02 {hour:02}:00+07:00")
        with transaction(), current_app.test_request_context():
            mail = parsed(as_message(db.session.get_one(OutboxMail, id)).as_bytes())
        dates.add(mail["Date"].datetime)
        ids.add(mail["Message-ID"])

    assert len(dates) == 2 and max(dates) == clock.now()
    assert len(ids) == 1


@pytest.mark.parametrize("name", ["Nur’aini", "Siti – Dewi", "René", "Siti Rahayu"])
def test_a_name_is_encoded_once_and_ascii_not_at_all(name: str, siti: User, owe: Owe):
    siti.name = name
    id = owe(siti)

    with transaction(), current_app.test_request_context():
        raw = as_message(db.session.get_one(OutboxMail, id)).as_bytes()

    assert parsed(raw)["To"].addresses[0].display_name == name
    line = next(line for line in raw.split(b"\r\n") if line.startswith(b"To:"))
    assert line.count(b"=?") == (0 if name.isascii() else 1)


def test_a_file_makes_it_mixed_and_stays_whole(siti: User, owe: Owe):
    content = bytes(range(256)) * 50
    id = owe(siti, attached=Enclosure("laporan – 1.pdf", "application/pdf", content))

    with transaction(), current_app.test_request_context():
        raw = as_message(db.session.get_one(OutboxMail, id)).as_bytes()

    mail = parsed(raw)
    (file,) = mail.iter_attachments()
    assert mail.get_content_type() == "multipart/mixed"
    assert (file.get_filename(), file.get_content()) == ("laporan – 1.pdf", content)
    assert max(map(len, raw.split(b"\r\n"))) <= 78


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("siti@contoh.test", "siti@contoh.test"),
        ("siti@bücher.test", "siti@xn--bcher-kva.test"),
    ],
)
def test_an_international_domain_is_written_in_punycode(address: str, written: str):
    assert ascii_address(address) == written


@pytest.mark.parametrize("address", ["sitī@contoh.test", "siti", "@a.test", "a@"])
def test_an_address_that_no_server_takes_is_not_written(address: str):
    with pytest.raises(UnwritableAddress):
        ascii_address(address)


@pytest.mark.skipif(
    shutil.which("spamassassin") is None, reason="apt-get install spamassassin"
)
def test_no_mail_looks_like_spam(sent: Callable[[str], bytes]):
    mails = b"".join(
        b"From pst Mon Mar  2 09:00:00 2026\n"
        + sent(kind).replace(b"\r\n", b"\n")
        + b"\n"
        for kind in every_mail.KINDS
    )

    result = subprocess.run(
        ["spamassassin", "--local", "--mbox"],
        **{"input": mails, "capture_output": True, "check": True, "timeout": 300},
    )

    scores = [float(score) for score in SCORE.findall(result.stdout.decode("latin-1"))]
    assert len(scores) == len(every_mail.KINDS)
    named = zip(every_mail.KINDS, scores, strict=True)
    assert not {kind: score for kind, score in named if score > MAX_POINTS}
