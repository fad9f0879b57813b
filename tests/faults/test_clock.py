"""The clock is set back an hour."""

from tests.faults.house import House
from tests.faults.people import new_key


def test_a_clock_set_back_an_hour_loses_and_doubles_nothing(house: House):
    user, officer = house.user(3), house.seat("budi")
    page, desk = house.page(3), f"/petugas{house.page(3)}"
    assert (
        user.post(f"{page}/pesan", {"body": "pertama", "key": new_key()}).status == 303
    )
    house.settle()

    house.move(hours=-1)
    answer = officer.post(f"{desk}/pesan", {"body": "kedua", "key": new_key()})
    asked = user.post(f"{page}/pesan", {"body": "ketiga", "key": new_key()})
    rated = house.rate()

    assert (answer.status, asked.status, rated) == (303, 303, 303)
    text = user.get(page).text
    assert text.index("pertama") < text.index("kedua") < text.index("ketiga")
    house.settle()
    ids = house.sent_ids()
    assert len(ids) == len(set(ids))
    assert house.query("SELECT count(*) FROM message WHERE body='ketiga'") == [(1,)]
