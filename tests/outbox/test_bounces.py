"""A mail that came back ends there, once, and its address is marked."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask, current_app

from pst.accounts.users import User
from pst.admin.health import mail_looks
from pst.config import load
from pst.consultations.desk.worklist.sections import Section
from pst.consultations.desk.worklist.worklist import Worklist
from pst.consultations.jobs import close_silent, note_bounces, tell_users
from pst.consultations.models import Consultation
from pst.consultations.states import Held, State
from pst.database import db, transaction
from pst.lamps import Level
from pst.office import settings
from pst.outbox.bad_addresses import BadAddress
from pst.outbox.incoming.bounces import (
    NOT_READ,
    Bounce,
    Taken,
    take,
)
from pst.outbox.incoming.mailbox import ReadMailbox, read_bounces
from pst.outbox.incoming.return_paths import return_path
from pst.outbox.jobs import deliver_due
from pst.outbox.models import Delivery, OutboxMail
from pst.server.config_values import BadSetting
from tests.outbox import samples
from tests.outbox.imap import ImapServer, with_mailbox
from tests.outbox.samples import write
from tests.post_office import PostOffice

Owe = Callable[..., int]
Read = Callable[[int], OutboxMail]
At = Callable[[str], None]


@pytest.fixture
def app(app: Flask, imap: ImapServer) -> Flask:
    return with_mailbox(app, imap)


@pytest.fixture
def sent(siti: User, owe: Owe) -> int:
    id = owe(siti)
    deliver_due()
    return id


def back(raw: bytes, recipient: str = "") -> Taken:
    with transaction():
        return take(raw, recipient)


def path(id: int) -> str:
    return return_path(id, "pst@contoh.test")


def test_each_mail_leaves_with_a_return_path_of_its_own(
    siti: User, owe: Owe, post_office: PostOffice
):
    ids = [owe(siti, "1"), owe(siti, "2")]

    deliver_due()

    assert post_office.senders == [path(id) for id in ids]
    assert len(set(post_office.senders)) == 2


def test_a_report_ends_the_mail_and_marks_the_address(sent: int, letter: Read):
    assert letter(sent).state is Delivery.SENT

    assert back(write(samples.DSN, to=path(sent))) is Taken.FAILED

    assert letter(sent).state is Delivery.FAILED
    assert letter(sent).error == "550 5.1.1 User unknown"
    bad = BadAddress.of("Siti@contoh.test")
    assert bad is not None and bad.status == "5.1.1"


def test_a_report_is_known_by_the_id_of_the_mail_it_sends_back(sent, letter):
    """The mail account put its own address in the place of ours."""
    raw = write(samples.DSN, about=letter(sent).message_id)

    assert back(raw) is Taken.FAILED


def test_a_pipe_tells_where_it_went(sent: int):
    assert back(write(samples.QMAIL), recipient=path(sent)) is Taken.FAILED


@pytest.mark.parametrize("change", ["seal", "id", "message_id"])
def test_what_is_made_up_changes_nothing(
    sent: int, owe: Owe, dewi: User, letter: Read, change: str
):
    other = owe(dewi, "2")
    seal = path(sent).partition("-")[2]
    to = {
        "seal": f"pantulan+b{sent}-{'0' * 20}@contoh.test",
        "id": f"pantulan+b{other}-{seal}",
        "message_id": "pst@contoh.test",
    }[change]
    host = letter(sent).message_id.partition("@")[2]

    taken = back(write(samples.DSN, to=to, about=f"<{'0' * 32}@{host}"))

    assert taken is Taken.IGNORED
    assert letter(sent).state is Delivery.SENT
    assert db.session.query(Bounce).count() == 0


def test_an_id_from_before_ids_were_signed_proves_nothing(sent: int, letter: Read):
    with transaction():
        letter(sent).message_id = f"<{'a' * 32}@127.0.0.1>"

    assert back(write(samples.DSN, about=letter(sent).message_id)) is Taken.IGNORED


def test_a_repeated_report_counts_once(sent: int, letter: Read, at: At):
    raw = write(samples.DSN, to=path(sent))
    back(raw)
    with transaction():
        letter(sent).send_again()
    at("2026-03-02 10:00+07:00")
    deliver_due()

    assert back(raw) is Taken.IGNORED

    assert letter(sent).state is Delivery.SENT


def test_reports_of_one_mail_end_at_a_number(sent: int):
    for n in range(23):
        raw = write(samples.DSN, to=path(sent), id=str(n), action="delayed")
        assert back(raw) is (Taken.DELAYED if n < 20 else Taken.IGNORED)


def test_only_the_beginning_of_a_mail_is_read(sent: int):
    """A quarter of a megabyte."""
    report = write(samples.DSN, to=path(sent))

    def after(count: int) -> bytes:
        return b"X-Long: " + b"x" * (count - len(b"X-Long: \n")) + b"\n" + report

    assert back(after(256 * 1024)) is Taken.IGNORED
    assert back(after(256 * 1024 - len(report))) is Taken.FAILED


def test_a_full_mailbox_ends_the_mail_but_says_nothing_of_the_address(sent, letter):
    assert back(write(samples.FULL, to=path(sent))) is Taken.FAILED

    assert letter(sent).state is Delivery.FAILED
    assert BadAddress.of("siti@contoh.test") is None


def test_what_speaks_of_us_says_nothing_of_the_address(sent: int):
    words = "550 5.7.1 Message rejected as spam"
    back(write(samples.DSN, to=path(sent), status="5.7.1", words=words))

    assert BadAddress.of("siti@contoh.test") is None


def test_a_delay_is_no_failure(sent: int, letter: Read):
    back(write(samples.DSN, to=path(sent), action="delayed", status="4.4.1"))

    assert letter(sent).state is Delivery.SENT
    assert BadAddress.of("siti@contoh.test") is None


@pytest.mark.parametrize("name", ["VACATION", "EXCHANGE_AWAY", "FROM_A_LIST"])
def test_programs_are_not_answered(sent: int, name: str, letter: Read):
    raw = write(getattr(samples, name), to=path(sent), about=letter(sent).message_id)

    assert back(raw) is Taken.IGNORED

    assert letter(sent).state is Delivery.SENT
    assert db.session.query(OutboxMail).filter_by(kind=NOT_READ).count() == 0


def test_a_person_is_told_once_a_day_where_to_write(sent: int, letter: Read, at: At):
    def reply(id: str) -> Taken:
        return back(write(samples.REPLY, about=letter(sent).message_id, id=id))

    assert reply("a") is Taken.ANSWERED
    assert reply("b") is Taken.IGNORED
    at("2026-03-03 08:59+07:00")
    assert reply("c") is Taken.IGNORED
    at("2026-03-03 09:00:01+07:00")
    assert reply("d") is Taken.ANSWERED

    answer = db.session.query(OutboxMail).filter_by(kind=NOT_READ).first()
    assert answer is not None and answer.to_address == "siti@contoh.test"
    assert "tidak terbaca oleh petugas" in answer.body
    at("2026-03-09 09:00+07:00")  # long enough for another answer, if it were one
    assert back(write(samples.REPLY, about=answer.message_id)) is Taken.IGNORED


def test_no_one_has_us_write_to_another(sent: int, letter: Read):
    raw = write(samples.REPLY, about=letter(sent).message_id)

    forged = raw.replace(b"siti@contoh.test", b"korban@contoh.test")

    assert back(forged) is Taken.IGNORED


def test_a_reply_goes_to_the_office(owe: Owe, siti: User, post_office: PostOffice):
    config = current_app.config
    config["PST"] = replace(config["PST"], mail_from="pst@contoh.test")
    owe(siti)

    deliver_due()

    assert post_office.mails[0]["Reply-To"] == settings.current().email


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


def test_the_officer_sees_it_and_the_clock_holds(
    consultation: Consultation, siti: User, budi: User, at: At, imap: ImapServer
):
    """Unknown address → the relay says 250 → its report arrives → no one is closed."""
    consultation.claim(budi)
    consultation.say(budi, "Tahun berapa?")
    db.session.commit()
    at("2026-03-02 09:05+07:00")
    tell_users()
    deliver_due()
    mail = db.session.query(OutboxMail).filter_by(kind="officer_answered").one()
    assert mail.state is Delivery.SENT
    imap.deliver(write(samples.DSN, to=path(mail.id)))
    db.session.rollback()

    read_bounces()
    note_bounces()

    row = Worklist(budi).rows(Section.WAITING)[0]
    assert row.closing_held is Held.BOUNCED
    db.session.rollback()
    at("2026-03-09 09:00+07:00")
    close_silent()
    assert consultation.state is State.WAITING_USER
    with transaction():
        siti.verify()
    assert BadAddress.of(siti.email) is None


def test_a_delayed_mail_holds_the_clock_while_it_may_arrive(
    consultation: Consultation, budi: User, at: At
):
    consultation.claim(budi)
    consultation.say(budi, "Tahun berapa?")
    db.session.commit()
    at("2026-03-02 09:05+07:00")
    tell_users()
    deliver_due()
    mail = db.session.query(OutboxMail).filter_by(kind="officer_answered").one()
    late = write(samples.DSN, to=path(mail.id), action="delayed", status="4.4.1")
    db.session.rollback()
    at("2026-03-03 09:05+07:00")
    back(late)

    at("2026-03-06 09:00+07:00")
    close_silent()
    assert consultation.closing_held is Held.OWED
    at("2026-03-08 09:06+07:00")  # what it waits for has ended, one way or the other
    close_silent()
    assert consultation.closing_held is None and consultation.warned_at is not None


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
