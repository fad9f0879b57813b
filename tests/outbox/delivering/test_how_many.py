"""How many mails go in an hour, and to one person, and whose go first."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from pst.accounts.users import User
from pst.database import transaction
from pst.office import settings
from pst.outbox.jobs import deliver_due
from tests.post_office import PostOffice

Owe = Callable[..., int]
At = Callable[[str], None]
LINK = {
    "url": "http://127.0.0.1/sandi-baru/a",
    "expires_at": datetime(2026, 3, 3, tzinfo=UTC),
}


def test_strangers_have_one_person_mailed_so_often_an_hour_and_the_rest_later(
    siti: User, owe: Owe, post_office: PostOffice, at: At
):
    for number in range(21):
        owe(siti, str(number), "new_password", by_stranger=True, **LINK)

    deliver_due()
    assert len(post_office.mails) == 20

    at("2026-03-02 09:59+07:00")
    deliver_due()
    assert len(post_office.mails) == 20

    at("2026-03-02 10:00+07:00")
    deliver_due()
    assert len(post_office.mails) == 21


def test_others_get_their_mail_while_one_has_had_enough(
    siti: User, dewi: User, owe: Owe, post_office: PostOffice
):
    for number in range(21):
        owe(siti, str(number), "new_password", by_stranger=True, **LINK)
    owe(dewi, "dewi")

    deliver_due()

    assert len(post_office.mails_to(dewi.email)) == 1


@pytest.mark.parametrize("most", [10, 11])
def test_an_hour_takes_only_so_many_mails(
    most: int, siti: User, owe: Owe, post_office: PostOffice, at: At
):
    with transaction():
        settings.change({"mails_per_hour": most})
    for number in range(most + 1):
        owe(siti, str(number))

    deliver_due()
    at("2026-03-02 09:59+07:00")
    deliver_due()
    assert len(post_office.mails) == most

    at("2026-03-02 10:00+07:00")
    deliver_due()
    assert len(post_office.mails) == most + 1


def test_what_strangers_cause_leaves_half_of_an_hour_to_the_others(
    siti: User, dewi: User, owe: Owe, post_office: PostOffice
):
    with transaction():
        settings.change({"mails_per_hour": 10})
    for number in range(10):
        owe(siti, str(number), "new_password", by_stranger=True, **LINK)
    owe(dewi, "dewi")

    deliver_due()

    assert len(post_office.mails_to(siti.email)) == 5
    assert len(post_office.mails_to(dewi.email)) == 1
