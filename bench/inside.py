"""What a request costs in process: CPU time, the statements it asks, its bytes.

Other work on the machine does not count in it, so this is the figure to steer by.
"""

import io
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from flask import Flask
from sqlalchemy import event
from werkzeug.test import create_environ

from pst.database import db

WARM_UPS, ROUNDS, EACH = 10, 7, 8
Request = dict[str, Any]
Statement = tuple[str, Any]


@dataclass
class Answer:
    """What came back for one request."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def head_bytes(self) -> int:
        """Return the bytes of its status line and headers, as the service wrote it."""
        lines = [f"HTTP/1.1 {self.status} OK"]
        lines += [f"{name}: {text}" for name, text in self.headers]
        return sum(len(line) + 2 for line in lines) + 2

    @property
    def cookies(self) -> str:
        set_cookies = [text for name, text in self.headers if name == "Set-Cookie"]
        return "; ".join(text.partition(";")[0] for text in set_cookies)


def get(path: str, cookies: str = "", **headers: str) -> Request:
    """Make a GET as the server hands it over."""
    return create_environ(
        path,
        "http://127.0.0.1:8000",
        headers={"Cookie": cookies, **headers},
        environ_base={"REMOTE_ADDR": "127.0.0.1"},
        multithread=True,
        multiprocess=True,
    )


def ask(app: Flask, request: Request) -> Answer:
    """Answer one request to its end: what comes after the answer counts too."""
    head: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        head[:] = [int(status[:3]), headers]

    streams = {"wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO()}
    parts = app.wsgi_app({**request, **streams}, start)
    body = b"".join(parts)
    if close := getattr(parts, "close", None):
        close()
    return Answer(head[0], head[1], body)


def as_browser(app: Flask, request: Request) -> Request:
    """Return `request` as a browser asks for a further page: it has its session."""
    cookies = "; ".join(
        filter(None, (request["HTTP_COOKIE"], ask(app, request).cookies))
    )
    return {**request, "HTTP_COOKIE": cookies, "HTTP_ACCEPT_ENCODING": "br, gzip"}


def html(app: Flask, request: Request) -> str:
    """Return a page as it is before it is compressed."""
    return ask(app, {**request, "HTTP_ACCEPT_ENCODING": ""}).body.decode()


Subject = tuple[Flask, list[Request]]


def costs(subjects: dict[str, Subject]) -> dict[str, float]:
    """Return the CPU milliseconds of one request to each: the best of several rounds.

    The rounds take turns, so that a busy moment of the machine meets all alike.
    """
    turns = {name: cycle(requests) for name, (_, requests) in subjects.items()}
    for name, (app, _) in subjects.items():
        for _ in range(WARM_UPS):
            answer = ask(app, next(turns[name]))
            assert answer.status < 400, f"{name}: {answer.status}"
    best = dict.fromkeys(subjects, float("inf"))
    for _ in range(ROUNDS):
        for name, (app, _) in subjects.items():
            best[name] = min(best[name], _round(app, turns[name]))
    return {name: round(ms, 2) for name, ms in best.items()}


def _round(app: Flask, turn: Iterator[Request]) -> float:
    began = time.process_time()
    for _ in range(EACH):
        ask(app, next(turn))
    return (time.process_time() - began) / EACH * 1000


@contextmanager
def statements(app: Flask) -> Iterator[list[Statement]]:
    """Gather what is asked of the database within the block."""
    queries: list[Statement] = []

    def note(_c: Any, _u: Any, text: str, values: Any, *_: Any) -> None:
        queries.append((text, values))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield queries
    finally:
        event.remove(engine, "before_cursor_execute", note)


def csrf_token_of(page: str) -> str:
    match = re.search(r'csrf_token" value="([^"]+)', page)
    return match[1] if match else ""
