"""The mailbox of what comes back: read once, in parts, and left as it is."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask, current_app

from pst.admin.health import mail_looks
from pst.config import load
from pst.lamps import Level
from pst.outbox.incoming.mailbox import ReadMailbox, read_bounces
from pst.outbox.models import Delivery, OutboxMail
from pst.server.config_values import BadSetting
from tests.outbox import samples
from tests.outbox.bounces.steps import path
from tests.outbox.imap import ImapServer
from tests.outbox.samples import write

Read = Callable[[int], OutboxMail]
At = Callable[[str], None]


def test_the_mailbox_is_read_once_and_left_as_it_is(
    sent: int, imap: ImapServer, letter: Read
):
    imap.deliver(b"From: a@b.test\nSubject: Rapat\n\nSurat orang lain.\n")
    imap.deliver(write(samples.DSN, to=path(sent)))

    read_bounces()
    assert letter(sent).state is Delivery.FAILED
    fetched = len([line for line in imap.said if b"FETCH" in line])
    read_bounces()

    said = b"\n".join(imap.said)
    assert len([line for line in imap.said if b"FETCH" in line]) == fetched == 2
    assert b"EXAMINE" in said and b"SELECT" not in said and b"STORE" not in said


def test_a_mailbox_that_was_made_again_is_read_again(sent, imap, letter):
    imap.deliver(b"Subject: lama\n\n")
    read_bounces()
    imap.validity, imap.mails = 8, [write(samples.DSN, to=path(sent))]

    read_bounces()

    assert letter(sent).state is Delivery.FAILED


def test_a_flood_is_read_in_parts_and_one_bad_mail_stops_no_other(sent, imap, letter):
    for _ in range(200):
        imap.deliver(b"\xff\x00 no mail at all")
    imap.deliver(write(samples.DSN, to=path(sent)))

    read_bounces()
    assert letter(sent).state is Delivery.SENT
    read_bounces()
    assert letter(sent).state is Delivery.FAILED


def test_a_mailbox_that_cannot_be_read_is_told(sent: int, imap: ImapServer, at: At):
    imap.refuses = True
    read_bounces()

    box = current_app.config["PST"].bounce_mailbox
    assert "wrong" in (ReadMailbox.of(box).error or "")
    imap.refuses = False
    read_bounces()
    assert ReadMailbox.of(box).error is None


def test_the_command_takes_a_mail_from_a_pipe(app: Flask, sent: int, letter: Read):
    runner = app.test_cli_runner()

    result = runner.invoke(
        args=["outbox", "bounce"], input=write(samples.DSN, to=path(sent))
    )

    assert (result.exit_code, result.output) == (0, "failed\n")
    assert letter(sent).state is Delivery.FAILED
    stranger = runner.invoke(args=["outbox", "bounce"], input=b"Subject: x\n\n")
    assert (stranger.exit_code, stranger.output) == (0, "ignored\n")


def test_a_lamp_says_whether_what_comes_back_is_seen(imap: ImapServer, at: At, context):
    assert mail_looks.bounces() == (Level.GOOD, None)

    imap.refuses = True
    read_bounces()
    assert mail_looks.bounces()[0] is Level.BAD, "it was never read"
    imap.refuses = False
    read_bounces()
    imap.refuses = True
    read_bounces()
    assert mail_looks.bounces()[0] is Level.WARN
    at("2026-03-03 09:00:01+07:00")
    assert mail_looks.bounces()[0] is Level.BAD

    blind = replace(current_app.config["PST"], bounce_address=None, bounce_mailbox=None)
    current_app.config["PST"] = blind
    assert mail_looks.bounces() == (Level.WARN, None)


@pytest.mark.parametrize(
    ("url", "address", "gives"),
    [
        ("imaps://p%40k.test:x@mx.test", "", "p+*@k.test"),
        ("imaps://p:x@mx.test/Pantulan", "b-*@k.test", "b-*@k.test"),
        ("", "b@k.test", "b@k.test"),
        ("", "", None),
    ],
)
def test_the_return_path_comes_from_the_settings(tmp_path, url, address, gives):
    env = {"PST_BOUNCE_URL": url, "PST_BOUNCE_ADDRESS": address}
    made = load({"PST_DATA_DIR": str(tmp_path), "PST_TESTING": "1", **env})

    assert made.bounce_address == gives
    assert bool(made.bounce_mailbox) is bool(url)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("imap://p%40k.test:x@mx.test", ""),  # a password in the clear
        ("imaps://mx.test", ""),
        ("imaps://p:x@mx.test", ""),  # of which address?
        ("imaps://p%40k.test:x@mx.test:yes", ""),
        ("", "no address"),
        ("", f"{'x' * 40}*@k.test"),
    ],
)
def test_settings_that_cannot_work_are_refused(tmp_path, url, address):
    env = {"PST_BOUNCE_URL": url, "PST_BOUNCE_ADDRESS": address}
    with pytest.raises(BadSetting, match="PST_BOUNCE"):
        load({"PST_DATA_DIR": str(tmp_path), "PST_TESTING": "1", **env})
