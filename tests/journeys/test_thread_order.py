"""What a poller gathers under concurrent writers: everything, once, in order."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from tests.journeys.conftest import Browser
from tests.steps import DESK, MINE, ask, has_read

WRITERS, EACH = 6, 8
ENTRY = re.compile(r'id="message-(\d+)"')


def gather(browser: Browser, page: str, done: threading.Event) -> list[int]:
    """Poll as the page does, until the writers are done and nothing is left."""
    headers = has_read(page)
    entries = [int(id) for id in ENTRY.findall(page)]
    while True:
        was_done = done.is_set()
        answer = browser.get(f"{MINE}/pesan", headers=headers)
        if answer.status_code == 200:
            entries += [int(id) for id in ENTRY.findall(answer.text)]
        elif was_done and answer.status_code == 304:
            return entries
        if "HX-PTag" in answer.headers:
            headers = {**headers, "HX-PTag": answer.headers["HX-PTag"]}


def test_pollers_get_every_message_once_and_in_order(
    app: Flask, siti: Browser, budi: Browser
):
    ask(siti)
    budi.post(f"{DESK}/pengambilan")
    done = threading.Event()
    seats = [(siti, f"{MINE}/pesan"), (budi, f"{DESK}/pesan")]
    writers = []
    for n in range(WRITERS):
        original, path = seats[n % 2]
        token, writer = original.token(), Browser(app)
        writer.client._cookies = original.client._cookies  # another tab
        writers.append((writer, path, token, n))

    def write(writer: Browser, path: str, token: str, n: int) -> list[int]:
        return [
            writer.client.post(
                path,
                data={
                    "csrf_token": token,
                    "body": f"{n}-{m}",
                    "key": f"{n}-{m}",
                    "press": "kirim",
                    "then": "pengguna",
                },
            ).status_code
            for m in range(EACH)
        ]

    with ThreadPoolExecutor(WRITERS + 2) as pool:
        readings = [
            pool.submit(gather, browser, browser.get(path).text, done)
            for browser, path in ((siti, MINE), (budi, DESK))
        ]
        answers = list(pool.map(lambda args: write(*args), writers))
        done.set()
        gathered = [reading.result() for reading in readings]

    assert {status for each in answers for status in each} == {303}
    for entries, page in zip(gathered, (siti.get(MINE), budi.get(DESK)), strict=True):
        stored = [int(id) for id in ENTRY.findall(page.text)]
        assert entries == stored
        assert len(stored) >= WRITERS * EACH
    page = siti.get(MINE).text
    for n in range(WRITERS):
        for m in range(EACH):
            assert page.count(f">{n}-{m}<") == 1
