"""What a mail that came back says."""

from email import message_from_bytes
from email.message import EmailMessage

import pytest

from pst.outbox.incoming.reports import Kind, is_automatic, read
from tests.outbox import samples
from tests.outbox.samples import write


@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [
        (write(samples.DSN), Kind.FAILED, "5.1.1"),
        (write(samples.DSN, action="Failed"), Kind.FAILED, "5.1.1"),
        (write(samples.DSN, status="5.0.0"), Kind.FAILED, "5.1.1"),
        (write(samples.DSN, status="", words="550 5.2.1 off"), Kind.FAILED, "5.2.1"),
        (write(samples.DSN, words="550 5.7.1 see our pages"), Kind.FAILED, "5.1.1"),
        (write(samples.DSN, status="4.4.7", words="expired"), Kind.FAILED, "4.4.7"),
        (
            write(samples.DSN, action="delayed", status="4.4.1", words="later"),
            Kind.DELAYED,
            "4.4.1",
        ),
        (
            write(samples.DSN, action="", status="4.2.2", words="full"),
            Kind.DELAYED,
            "4.2.2",
        ),
        (
            write(samples.DSN, action="relayed", status="2.0.0", words="250 ok"),
            Kind.DELIVERED,
            "",
        ),
        (write(samples.QMAIL), Kind.FAILED, "5.1.1"),
        (write(samples.EXIM), Kind.FAILED, "5.1.1"),
        (write(samples.EXIM_LATE), Kind.DELAYED, ""),
        (write(samples.FULL), Kind.FAILED, "5.2.2"),
        (write(samples.VACATION), Kind.AUTOMATIC, ""),
        (write(samples.EXCHANGE_AWAY), Kind.AUTOMATIC, ""),
        (write(samples.FROM_A_LIST), Kind.AUTOMATIC, ""),
        (write(samples.REPLY), Kind.REPLY, ""),
    ],
)
def test_a_mail_that_came_back_is_told_apart(raw: bytes, kind: Kind, status: str):
    report = read(message_from_bytes(raw))

    assert (report.kind, report.status) == (kind, status)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n\n",
        b"\xff\xfe\x00" * 1000,
        b"Content-Type: multipart/report; boundary=x\n\n--x\n--x--",
        b"Content-Type: message/delivery-status\n\n\n\n\n",
        b"Subject: =?utf-99?b?////?=\nFrom: =?x?q?=\n\n",
        b"From: MAILER-DAEMON\nSubject: failure\n\n" + b"5.1.1 " * 100_000,
        b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\n" * 10_000,
    ],
)
def test_hostile_bytes_are_read_as_something(raw: bytes):
    assert read(message_from_bytes(raw)).kind in Kind


@pytest.mark.parametrize(
    ("sender", "is_one"),
    [
        ("no-reply@toko.test", True),
        ("noreply.id@toko.test", True),
        ("MAILER-DAEMON@toko.test", True),
        ("norepto@toko.test", False),
        ("siti.no-reply@contoh.test", False),
    ],
)
def test_an_address_that_no_one_reads_is_a_programs(sender: str, is_one: bool):
    message = EmailMessage()
    message["From"] = sender
    message["Subject"] = "Pertanyaan"

    assert is_automatic(message) is is_one
