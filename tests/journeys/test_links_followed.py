"""No page shows a link that its reader may not follow, or that leads nowhere."""

import html
import re
from collections import deque

import pytest

from tests.pages import Browser
from tests.steps import DESK, ask, made

HREF = re.compile(r'<a\b[^>]*?\bhref="(/[^"#]*)')
# What is numbered or named is alike; one of a kind is opened.
NAME = re.compile(r"\d+|(?<=/artikel/)[a-z][a-z0-9-]+|(?<=/panduan/)[a-z-]+")
MAX_PAGES = 150


@pytest.fixture
def office(low: str, siti: Browser, dewi: Browser, budi: Browser, rina: Browser):
    """An office with a rated consultation, an open one, and articles of each state."""
    ask(dewi, subject="Kode KBLI warung kopi")
    draft = made(budi)
    budi.post(f"{draft}/tinjauan")
    rina.post(f"{draft}/penerbitan")
    budi.post(f"{DESK}/catatan", {"body": "Sudah ditelepon.", "key": "note"})


def refused_links(reader: Browser) -> list[str]:
    """Follow all links from the home page; return those that are refused, and where."""
    pages, known = deque(["/", "/cari?q=hujan", "/petugas/artikel"]), set()
    wrong = []
    sources = dict.fromkeys(pages, "")
    while pages and len(known) < MAX_PAGES:
        address = pages.popleft()
        pattern = NAME.sub("*", address.partition("?")[0])
        if pattern in known:
            continue
        known.add(pattern)
        answer = reader.get(address)
        if answer.status_code >= 400 and sources[address]:
            wrong.append(f"{answer.status_code} {address} on {sources[address]}")
        if "text/html" not in answer.content_type:
            continue
        for link in map(html.unescape, HREF.findall(answer.text)):
            if link not in sources:
                sources[link] = address
                pages.append(link)
    return wrong


@pytest.mark.usefixtures("office")
def test_every_link_that_is_shown_may_be_followed(
    visitor: Browser,
    siti: Browser,
    dewi: Browser,
    budi: Browser,
    hasan: Browser,
    andi: Browser,
):
    readers = {
        "visitor": visitor,
        "siti": siti,
        "dewi": dewi,
        "budi": budi,
        "hasan": hasan,
        "andi": andi,
    }
    wrong = {name: refused_links(reader) for name, reader in readers.items()}

    assert wrong == dict.fromkeys(readers, [])
