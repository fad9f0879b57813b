"""The mail server refuses, is slow, hangs up, dies: each mail arrives once or waits."""

from collections.abc import Callable

import pytest

from tests.faults.house import DELIVER, House
from tests.processes import wait_until

TROUBLES = {
    "refuses the addressee for now": {"rcpt": "451 later"},
    "refuses the text for now": {"data": "451 later"},
    "is slow": {"pause": 1.0},
    "hangs up in the middle of a mail": {"hangs_up": "within"},
    "hangs up before it answers": {"hangs_up": "before"},
    "takes it and dies": {"hangs_up": "after"},
    "is not there": {},
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_mail_outlives_a_mail_server_that(
    trouble: str, house: House, tell: Callable[[str], None]
):
    vars(house.post_office).update(TROUBLES[trouble])
    if trouble == "is not there":
        house.post_office.close()
    assert house.rate() == 303
    wait_until(lambda: attempts(house) or is_away(house), "the first attempt", 60)
    if trouble == "is not there":
        house.post_office.open()

    house.settle()

    ids = house.sent_ids()
    owed = house.query("SELECT message_id FROM outbox_mail WHERE kind = 'low_rating'")
    assert owed[-1][0] in ids
    if trouble != "takes it and dies":  # then a double has the same id, as here
        assert len(ids) == len(set(ids))
    tell(f"a mail server that {trouble}: {len(set(ids))} mails owed, none lost")


def test_a_refusal_for_good_is_shown_and_sent_again_by_hand(house: House):
    house.post_office.rcpt = "550 5.1.1 no such user"
    assert house.rate() == 303
    wait_until(lambda: failed(house), "the refusal", 60)
    house.make_whole()
    house.service.run_job(DELIVER)  # what was refused before has been by now

    officer = house.seat("budi")
    assert "low_rating" not in officer.get("/petugas/surel-gagal").text
    for (id,) in failed(house):
        assert officer.post("/petugas/surel-gagal", {"resend": str(id)}).status == 303
    house.service.run_job(DELIVER)

    wait_until(lambda: not failed(house), "the mails", 60)
    ids = house.sent_ids()
    assert len(ids) == len(set(ids))


def attempts(house: House) -> int:
    """Count how often the newest mail about a low rating was tried."""
    found = house.query(
        "SELECT attempts FROM outbox_mail WHERE kind = 'low_rating'"
        " ORDER BY id DESC LIMIT 1"
    )
    return found[0][0] if found else 0


def is_away(house: House) -> bool:
    """Return whether the server was found to take nothing: no mail is charged that."""
    return bool(house.query("SELECT 1 FROM mail_server WHERE since IS NOT NULL"))


def failed(house: House) -> list[tuple[int]]:
    return house.query("SELECT id FROM outbox_mail WHERE state = 'failed'")
