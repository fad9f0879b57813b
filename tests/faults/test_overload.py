"""More people than can be served, and links that are slow: the rest goes on."""

import socket
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from tests.faults.house import House
from tests.faults.people import Clicker, Crowd, Lost, new_key
from tests.processes import HOST, wait_until

HEAD = (
    "POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n"
    "Sec-Fetch-Site: same-origin\r\nContent-Length: {length}\r\n\r\nbody="
)
LARGE, SMALL = 48, 4  # uploads and messages that do not get on


def test_slow_uploads_hold_up_no_one_else(house: House):
    user, page = house.user(), house.page()

    with ExitStack() as links:
        for _ in range(LARGE):
            links.enter_context(stalled(user, f"{page}/lampiran", 1_000_000))
        for _ in range(SMALL):
            links.enter_context(stalled(user, f"{page}/pesan", 1_000))
        answer = user.get(page)
        said = user.post(f"{page}/pesan", {"body": "Cepat", "key": new_key()})

    assert (answer.status, said.status) == (200, 303)


def stalled(user: Clicker, path: str, length: int) -> socket.socket:
    """Begin to send something, and send no more."""
    link = socket.create_connection((HOST, user.service.port), timeout=5)
    cookies = "; ".join(f"{k}={v}" for k, v in user.cookies.items())
    head = HEAD.format(path=path, host=HOST, cookies=cookies, length=length)
    link.sendall(head.encode())
    return link


@pytest.mark.parametrize(
    ("count", "statuses"), [(64, {"200"}), (200, {"200", "503"})], ids=["64", "200"]
)
def test_too_many_at_once_are_told_so_and_none_is_left_without_an_answer(
    house: House, tell: Callable[[str], None], count: int, statuses: set[str]
):
    users = [house.user(at) for at in range(4)]
    crowd, answers = Crowd(), Counter[str]()
    for n in range(count):
        crowd.send(asks(users[n % 4], house.page(n % 4), answers))
    wait_until(lambda: answers.total() >= 3 * count, "answers", 90)
    crowd.finish()

    tell(f"{count} at once: {dict(answers)}")
    assert set(answers) <= statuses
    assert answers["200"]
    assert users[0].get(house.page()).status == 200


def asks(
    user: Clicker, path: str, answers: Counter[str]
) -> Callable[[threading.Event], None]:
    def work(stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                answer = user.get(path)
            except Lost as error:
                answers[repr(error.__cause__)] += 1
                continue
            is_honest = answer.status == 200 or "Nomor rujukan" in answer.text
            answers[str(answer.status) if is_honest else answer.text[:80]] += 1

    return work
