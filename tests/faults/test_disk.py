"""The disk is full, or may not be written: said honestly, and nothing half-written."""

import os

from tests.faults.house import House
from tests.faults.people import Answer, Lost, new_key
from tests.processes import wait_until

LONG = "panjang " * 1000


def is_honest(answer: Answer) -> bool:
    return answer.status == 503 and all(
        words in answer.text for words in ("Belum dapat menyimpan", "Nomor rujukan")
    )


def test_a_full_disk_refuses_with_a_clear_page_and_loses_nothing(house: House):
    user, taken = house.user(), []
    house.disk.fill()

    for _ in range(300):
        form = {"body": LONG + new_key(), "key": new_key()}
        answer = user.post(f"{house.page()}/pesan", form)
        if answer.status != 303:
            break
        taken.append(form["body"])

    assert is_honest(answer), f"{answer.status} {answer.text[:200]}"
    assert user.get(house.page()).status == 200, "reading goes on"
    house.disk.free()
    assert user.post(f"{house.page()}/pesan", form).status == 303, "the form again"
    stored = [body for (body,) in house.query("SELECT body FROM message")]
    for body in (*taken, form["body"]):
        assert stored.count(body) == 1


def test_an_upload_to_a_full_disk_leaves_nothing_behind(house: House):
    user = house.user()
    before = files(house)
    house.disk.fill()

    answer = user.upload(f"{house.page()}/lampiran", "data.csv", b"a;b\n" * 400_000)

    assert is_honest(answer), f"{answer.status} {answer.text[:200]}"
    assert files(house) == before
    assert house.query("SELECT count(*) FROM attachment") == [(0,)]


def test_a_read_only_database_is_read_and_not_written(house: House):
    user, service = house.user(), house.service
    form = {"body": "Halo dari baca saja", "key": new_key()}
    database = service.folder / "pst.sqlite3"
    for name in ("worker", "scheduler", "web"):
        service.kill(name)

    database.chmod(0o400)
    try:
        service.launch("web", is_humble=True)
        wait_until(lambda: answers(house), "the web server", 60)
        refused = user.post(f"{house.page()}/pesan", form)
        answer = user.get(house.page())
        health = user.get("/sehat")
    finally:
        service.kill("web")
        database.chmod(0o600)
    house.make_whole()

    assert is_honest(refused), f"{refused.status} {refused.text[:200]}"
    assert answer.status == 200
    assert health.status == 503 and '"database":"bad"' in health.text
    assert user.post(f"{house.page()}/pesan", form).status == 303
    stored = "SELECT count(*) FROM message WHERE body = ?"
    assert house.query(stored, form["body"]) == [(1,)]


def files(house: House) -> list[str]:
    folder = house.service.folder / "attachments"
    return [name for _, _, names in os.walk(folder) for name in names]


def answers(house: House) -> bool:
    """Return whether the web server answers, even that it is not well."""
    try:
        house.service_says("/sehat")
    except Lost:
        return False
    return True
