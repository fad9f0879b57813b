"""A mail that came back ends there, once, and its address is marked."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import current_app

from pst.accounts.users import User
from pst.database import db, transaction
from pst.office import settings
from pst.outbox.bad_addresses import BadAddress
from pst.outbox.incoming.bounces import NOT_READ, Bounce, BounceHandling
from pst.outbox.jobs import deliver_due
from pst.outbox.models import Delivery, OutboxMail
from tests.outbox import samples
from tests.outbox.bounces.steps import back, path
from tests.outbox.samples import write
from tests.post_office import PostOffice

Owe = Callable[..., int]
Read = Callable[[int], OutboxMail]
At = Callable[[str], None]


def test_each_mail_leaves_with_a_return_path_of_its_own(
    siti: User, owe: Owe, post_office: PostOffice
):
    ids = [owe(siti, "1"), owe(siti, "2")]

    deliver_due()

    assert post_office.senders == [path(id) for id in ids]
    assert len(set(post_office.senders)) == 2


def test_a_report_ends_the_mail_and_marks_the_address(sent: int, letter: Read):
    assert letter(sent).state is Delivery.SENT

    assert back(write(samples.DSN, to=path(sent))) is BounceHandling.FAILED

    assert letter(sent).state is Delivery.FAILED
    assert letter(sent).error == "550 5.1.1 User unknown"
    bad = BadAddress.of("Siti@contoh.test")
    assert bad is not None and bad.status == "5.1.1"


def test_a_report_is_known_by_the_id_of_the_mail_it_sends_back(sent, letter):
    """The mail account put its own address in the place of ours."""
    raw = write(samples.DSN, about=letter(sent).message_id)

    assert back(raw) is BounceHandling.FAILED


def test_a_pipe_tells_where_it_went(sent: int):
    assert back(write(samples.QMAIL), recipient=path(sent)) is BounceHandling.FAILED


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

    assert taken is BounceHandling.IGNORED
    assert letter(sent).state is Delivery.SENT
    assert db.session.query(Bounce).count() == 0


def test_an_id_from_before_ids_were_signed_proves_nothing(sent: int, letter: Read):
    with transaction():
        letter(sent).message_id = f"<{'a' * 32}@127.0.0.1>"

    assert (
        back(write(samples.DSN, about=letter(sent).message_id))
        is BounceHandling.IGNORED
    )


def test_a_repeated_report_counts_once(sent: int, letter: Read, at: At):
    raw = write(samples.DSN, to=path(sent))
    back(raw)
    with transaction():
        letter(sent).send_again()
    at("2026-03-02 10:00+07:00")
    deliver_due()

    assert back(raw) is BounceHandling.IGNORED

    assert letter(sent).state is Delivery.SENT


def test_reports_of_one_mail_end_at_a_number(sent: int):
    for n in range(23):
        raw = write(samples.DSN, to=path(sent), id=str(n), action="delayed")
        assert back(raw) is (
            BounceHandling.DELAYED if n < 20 else BounceHandling.IGNORED
        )


def test_only_the_beginning_of_a_mail_is_read(sent: int):
    """A quarter of a megabyte."""
    report = write(samples.DSN, to=path(sent))

    def after(count: int) -> bytes:
        return b"X-Long: " + b"x" * (count - len(b"X-Long: \n")) + b"\n" + report

    assert back(after(256 * 1024)) is BounceHandling.IGNORED
    assert back(after(256 * 1024 - len(report))) is BounceHandling.FAILED


def test_a_full_mailbox_ends_the_mail_but_says_nothing_of_the_address(sent, letter):
    assert back(write(samples.FULL, to=path(sent))) is BounceHandling.FAILED

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

    assert back(raw) is BounceHandling.IGNORED

    assert letter(sent).state is Delivery.SENT
    assert db.session.query(OutboxMail).filter_by(kind=NOT_READ).count() == 0


def test_a_person_is_told_once_a_day_where_to_write(sent: int, letter: Read, at: At):
    def reply(id: str) -> BounceHandling:
        return back(write(samples.REPLY, about=letter(sent).message_id, id=id))

    assert reply("a") is BounceHandling.ANSWERED
    assert reply("b") is BounceHandling.IGNORED
    at("2026-03-03 08:59+07:00")
    assert reply("c") is BounceHandling.IGNORED
    at("2026-03-03 09:00:01+07:00")
    assert reply("d") is BounceHandling.ANSWERED

    answer = db.session.query(OutboxMail).filter_by(kind=NOT_READ).first()
    assert answer is not None and answer.to_address == "siti@contoh.test"
    assert "tidak terbaca oleh petugas" in answer.body
    at("2026-03-09 09:00+07:00")  # long enough for another answer, if it were one
    assert back(write(samples.REPLY, about=answer.message_id)) is BounceHandling.IGNORED


def test_no_one_has_us_write_to_another(sent: int, letter: Read):
    raw = write(samples.REPLY, about=letter(sent).message_id)

    forged = raw.replace(b"siti@contoh.test", b"korban@contoh.test")

    assert back(forged) is BounceHandling.IGNORED


def test_a_reply_goes_to_the_office(owe: Owe, siti: User, post_office: PostOffice):
    config = current_app.config
    config["PST"] = replace(config["PST"], mail_from="pst@contoh.test")
    owe(siti)

    deliver_due()

    assert post_office.mails[0]["Reply-To"] == settings.current().email
