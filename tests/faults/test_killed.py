"""Every process is killed, again and again, while sixteen people work."""

import os
from collections.abc import Callable

from tests.faults.house import House
from tests.faults.storm import Storm

SECONDS = float(os.environ.get("PST_FAULT_SECONDS", "15"))
SEED = int(os.environ.get("PST_FAULT_SEED", "20260302"))


def test_what_was_acknowledged_is_there_exactly_once(
    house: House, tell: Callable[[str], None]
):
    storm = Storm(house, SECONDS, SEED)

    storm.rage()
    house.settle()

    lost, doubled = storm.compare()
    again = storm.mails_again()
    tell(
        f"killed: {storm.kills.total()} {dict(storm.kills)} ·"
        f" acknowledged: {storm.acknowledged} (tried again after no answer:"
        f" {storm.cut_off}, after a refusal: {storm.refused}) · lost: {lost} ·"
        f" doubled: {doubled} · mails sent: {len(set(house.sent_ids()))},"
        f" of these twice: {again}"
    )
    assert all(storm.taken.values()), "messages, ratings and reports"
    assert (lost, doubled) == (0, 0)
    assert again <= storm.kills["worker"]
    assert set(house.sent_ids()) <= house.message_ids()
    assert not storm.dishonest
