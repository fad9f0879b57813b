"""Addresses at which no one reads us, and mails that someone has seen fail."""

import pytest

from pst import clock
from pst.outbox.bad_addresses import BadAddress
from pst.outbox.models import Delivery, OutboxMail
from pst.rules import WrongState

SITI, DEWI = "siti@contoh.test", "dewi@contoh.test"


def test_an_address_is_marked_once_and_since_its_first_mail_came_back(context, at):
    BadAddress.mark(SITI, "5.1.1")
    since_at = clock.now()
    at("2026-03-09 09:00+07:00")
    BadAddress.mark("Siti@Contoh.test ", "5.2.1")

    marked = BadAddress.of(SITI)
    assert marked is not None
    assert (marked.since_at, marked.status) == (since_at, "5.1.1")


def test_who_proves_an_address_proves_no_other(context):
    BadAddress.mark(SITI, "5.1.1")
    BadAddress.mark(DEWI, "5.1.1")

    BadAddress.prove("SITI@contoh.test")

    assert BadAddress.among([SITI, DEWI]) == {DEWI}


def test_a_mail_was_seen_to_fail_when_it_first_was(siti, at):
    mail = OutboxMail.put("password_changed", to=siti.mailbox, cause="a")
    with pytest.raises(WrongState):
        mail.dismiss()
    mail.state = Delivery.FAILED
    mail.dismiss()
    dismissed_at = clock.now()
    at("2026-03-09 09:00+07:00")
    mail.dismiss()

    assert mail.dismissed_at == dismissed_at
    mail.send_again()
    assert mail.dismissed_at is None
