"""A search, and the words of its page."""

import re

from tests.journeys.conftest import Browser


def search(browser: Browser, words: str, **more: str) -> str:
    return browser.get("/cari", query_string={"q": words, **more}).text


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())
