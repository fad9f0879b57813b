"""Mails as the IT person's outbox screen shows them: the mailbox of the tests."""

import html
import re

from tests.pages import Browser

LETTER = re.compile(r'<div class="card letter">(.*?)</div>', re.S)


def letters(andi: Browser, words: str = "") -> list[str]:
    """Read the mails on the first page of the outbox, newest first."""
    page = andi.get("/admin/surel").text
    ids = list(dict.fromkeys(re.findall(r'href="/admin/surel/(\d+)"', page)))
    read = [body_of(andi.get(f"/admin/surel/{id}").text) for id in ids]
    return [letter for letter in read if words in letter]


def link_in(andi: Browser, words: str, path: str) -> str:
    """Find the newest mailed link to `path` in a mail that says `words`."""
    for letter in letters(andi, words):
        if match := re.search(rf"https?://[^/\s]+({path}\S+)", letter):
            return match[1]
    raise AssertionError(f"no mail says {words!r} with a link to {path}")


def body_of(page: str) -> str:
    match = LETTER.search(page)
    assert match
    return html.unescape(re.sub(r"<[^>]+>", "", match[1]))
