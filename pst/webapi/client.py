"""The client of the WebAPI of Statistics Indonesia.

It asks one thing at a time and at most once a second. What is answered there, in which
shapes and with which faults, is written down in docs/catalogue.md.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from pst.outward import calls
from pst.outward.calls import CallFailure, Party, Reply

PAUSE_S = 1.0
TIMEOUT_S, BRIEF_S = 30, 6
MAX_BYTES = 16 * 1024 * 1024
MAX_PAGES = 2_000
SIMDASI_TABLES = "/interoperabilitas/datasource/simdasi/id/23"
# What is slow, busy or refused for the moment is asked again after these seconds.
RETRY_PAUSES_S = (5.0, 30.0)
BUSY = (403, 408, 429, 500, 502, 503, 504)
NOTHING = ("not-available", "list-not-available")
# What the service says about a key that it does not take.
BAD_KEY = ("usernotfound", "key is missing", "invalid key", "unauthorized", "api key")


class BadAnswer(CallFailure):
    """An answer that cannot be what was asked for."""

    def __init__(self, text: str) -> None:
        super().__init__("bad_answer", text)


class BadKey(CallFailure):
    """The service does not take the key."""

    def __init__(self, text: str) -> None:
        super().__init__("bad_key", text)


class Unchanged(Exception):
    """The service says that a list is as it was."""


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    rows: list[Any]
    pages: int
    total: int | None


@dataclass
class Webapi:
    """One user of the service, who has a key."""

    base: str
    key: str = field(repr=False)
    sleep: Callable[[float], None] = time.sleep
    # Whether a person waits: then it is asked once, and not for long.
    is_brief: bool = False
    _last: float = 0.0

    @property
    def party(self) -> Party:
        seconds = BRIEF_S if self.is_brief else TIMEOUT_S
        return Party("catalogue", (calls.host_of(self.base),), seconds, MAX_BYTES)

    def page(
        self,
        model: str,
        domain: str,
        page: int = 1,
        since: str | None = None,
        **more: Any,
    ) -> Page:
        """Return a page of a list; raise `Unchanged` when `since` is its last date.

        Only the first may be empty: a later one was announced by it.
        """
        query = {"model": model, "domain": domain, "page": page, **more}
        answer = _page_of(self.ask("/list", query, since))
        if page > 1 and not answer.rows:
            raise BadAnswer(f"nothing on page {page}")
        return answer

    def pages(self, model: str, domain: str, **more: Any) -> Iterator[Any]:
        """Yield the rows of a short list, page by page."""
        number, pages = 1, 1
        while number <= min(pages, MAX_PAGES):
            page = self.page(model, domain, number, **more)
            pages = page.pages
            yield from page.rows
            number += 1

    def tables(self, area_code: str, since: str | None = None) -> Page:
        """Return the tables of an area's *Dalam Angka*, which come as one page."""
        query = {"wilayah": area_code.ljust(7, "0")}
        data = self.ask(SIMDASI_TABLES, query, since).get("data")
        inner = data[1] if isinstance(data, list) and len(data) == 2 else None
        if not isinstance(inner, dict):
            return Page([], 0, 0)
        rows, state = inner.get("data"), str(inner.get("condition", "OK")).upper()
        if state != "OK" or not isinstance(rows, list):
            raise BadAnswer(str(inner.get("message") or "no tables")[:200])
        return Page(rows, 1, None)

    def ask(self, path: str, query: Mapping[str, Any], since: str | None = None) -> Any:
        """Return what the service answers, without its envelope's errors."""
        reply = self._reply(path, query, since)
        if reply.status == 304:
            raise Unchanged
        answer = _json(reply)
        text = _complaint(answer)
        if reply.status in (401, 404) or (text and _is_about_key(text)):
            raise (BadKey if _is_about_key(text) else BadAnswer)(
                text or f"status {reply.status}"
            )
        if reply.status != 200 or text:
            raise BadAnswer(text or f"status {reply.status}")
        if not isinstance(answer, dict):
            raise BadAnswer("no object")
        return answer

    def _reply(self, path: str, query: Mapping[str, Any], since: str | None) -> Reply:
        headers = {"Accept": "application/json"}
        if since:
            headers["If-Modified-Since"] = since
        facts = {"lang": "ind", **query, "key": self.key}
        url = f"{self.base}{path}?{urlencode(facts)}"
        for pause in () if self.is_brief else RETRY_PAUSES_S:
            try:
                reply = self._ask_once(url, headers)
            except CallFailure as failure:
                if failure.reason == "refused":
                    raise
            else:
                if reply.status not in BUSY:
                    return reply
            self.sleep(pause)
        reply = self._ask_once(url, headers)
        if reply.status in BUSY:
            raise BadAnswer(f"status {reply.status}")
        return reply

    def _ask_once(self, url: str, headers: Mapping[str, str]) -> Reply:
        wait = self._last + PAUSE_S - time.monotonic()
        if wait > 0:
            self.sleep(wait)
        try:
            return calls.ask(self.party, url, headers=headers)
        finally:
            self._last = time.monotonic()


def _json(reply: Reply) -> Any:
    try:
        return json.loads(reply.body)
    except (ValueError, RecursionError) as error:
        kind = reply.headers.get("content-type", "?").partition(";")[0]
        raise BadAnswer(f"status {reply.status}, {kind}, no JSON") from error


def _complaint(answer: Any) -> str:
    """Return what the service complains of, in any of its ways; "" for nothing."""
    if not isinstance(answer, dict):
        return ""
    if str(answer.get("status", "OK")).casefold() == "error" or "error" in answer:
        return str(answer.get("message") or answer.get("error") or "error")[:200]
    if "data" not in answer and "message" in answer:
        return str(answer["message"])[:200]
    return ""


def _is_about_key(text: str) -> bool:
    words = text.casefold().replace(" ", "")
    return any(phrase.replace(" ", "") in words for phrase in BAD_KEY)


def _page_of(answer: dict[str, Any]) -> Page:
    data = answer.get("data")
    if answer.get("data-availability") in NOTHING or data in ("", None, []):
        return Page([], 0, 0)
    if not isinstance(data, list) or len(data) != 2 or not isinstance(data[0], dict):
        raise BadAnswer("a list without its pages")
    rows = data[1] if isinstance(data[1], list) else []
    total = data[0].get("total")
    return Page(
        rows,
        _whole(data[0].get("pages"), 1 if rows else 0),
        _whole(total, 0) if total is not None else None,
    )


def _whole(value: Any, otherwise: int) -> int:
    text = str(value).strip()
    return int(text) if text.isdigit() and len(text) < 9 else otherwise
