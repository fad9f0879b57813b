"""What a mail that came back says."""

from email import message_from_bytes
from email.message import EmailMessage

import pytest

from pst.outbox.incoming.reports import ReportKind, is_automatic, read
from tests.outbox import samples
from tests.outbox.samples import write


@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [
        (write(samples.DSN), ReportKind.FAILED, "5.1.1"),
        (write(samples.DSN, action="Failed"), ReportKind.FAILED, "5.1.1"),
        (write(samples.DSN, status="5.0.0"), ReportKind.FAILED, "5.1.1"),
        (
            write(samples.DSN, status="", words="550 5.2.1 off"),
            ReportKind.FAILED,
            "5.2.1",
        ),
        (
            write(samples.DSN, words="550 5.7.1 see our pages"),
            ReportKind.FAILED,
            "5.1.1",
        ),
        (
            write(samples.DSN, status="4.4.7", words="expired"),
            ReportKind.FAILED,
            "4.4.7",
        ),
        (
            write(samples.DSN, action="delayed", status="4.4.1", words="later"),
            ReportKind.DELAYED,
            "4.4.1",
        ),
        (
            write(samples.DSN, action="", status="4.2.2", words="full"),
            ReportKind.DELAYED,
            "4.2.2",
        ),
        (
            write(samples.DSN, action="relayed", status="2.0.0", words="250 ok"),
            ReportKind.DELIVERED,
            "",
        ),
        (write(samples.QMAIL), ReportKind.FAILED, "5.1.1"),
        (write(samples.EXIM), ReportKind.FAILED, "5.1.1"),
        (write(samples.EXIM_LATE), ReportKind.DELAYED, ""),
        (write(samples.FULL), ReportKind.FAILED, "5.2.2"),
        (write(samples.VACATION), ReportKind.AUTOMATIC, ""),
        (write(samples.EXCHANGE_AWAY), ReportKind.AUTOMATIC, ""),
        (write(samples.FROM_A_LIST), ReportKind.AUTOMATIC, ""),
        (write(samples.REPLY), ReportKind.REPLY, ""),
    ],
)
def test_a_mail_that_came_back_is_told_apart(raw: bytes, kind: ReportKind, status: str):
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
    assert read(message_from_bytes(raw)).kind in ReportKind


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
