"""The idle poll, answered before Flask with one SQL.

Nearly all traffic is an open conversation that asks whether there is news. Flask's
own request machinery costs several times what the answer does, so this small layer
recognises `GET /konsultasi/<number>/pesan` with an `HX-PTag`, checks log-in, membership
and the newest entry in one indexed read on its own read-only connection, and says `304`
itself; to officers also how many consultations wait for them, which their pages without
a conversation ask for alone. A worklist in which nothing changed is answered alike.
When there is anything to say, or any doubt, the request goes on to Flask. It decides
nothing that Flask does not decide too: a test compares the two case by case.
"""

import re
from collections.abc import Iterable
from typing import Any

from flask import Flask, request

from pst.accounts.digests import digest
from pst.accounts.log_in.known_browsers import cookie_name, is_genuine
from pst.consultations.conversation import read_marks
from pst.consultations.desk.worklist import unchanged_lists
from pst.consultations.desk.worklist.unchanged_lists import UnchangedLists
from pst.consultations.desk.worklist.waiting_count import WAITING, now_as_stored
from pst.database import engine_of
from pst.web.access import Role
from pst.web.load_shedding import SLOWER

PATH = re.compile(r"^/konsultasi/(KS-\d{4}-\d{6,9})/pesan$")
COUNTING, NUMBER = "/petugas/hitungan", re.compile(r"^[0-9]{1,9}$")
# The newest entry the reader has, and how many read marks there were.
CURSOR = re.compile(r"^([0-9]{1,18})\.([0-9]{1,18})$")
MAY_READ = f"""
WHERE l.token_hash = :token AND l.expires_at > :now AND u.active
  -- Those who still need a second step are sent to set it up, by Flask.
  AND (u.role = '{Role.USER}' OR u.two_step_at IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM office_setting WHERE key = 'require_two_step' AND value = 'true'))
"""
# The newest entry for an officer or the head, or for the user whose request it is.
NEWEST = f"""
SELECT CASE
         WHEN c.user_id = u.id THEN c.newest_shown_id
         WHEN u.role IN ('{Role.OFFICER}', '{Role.HEAD}') THEN c.newest_id
       END, c.reads, u.id, {WAITING}
FROM log_in AS l
JOIN "user" AS u ON u.id = l.user_id
JOIN consultation AS c ON c.number = :number
{MAY_READ}
"""
# How many wait for an officer.
COUNT = f"""
SELECT {WAITING} FROM log_in AS l JOIN "user" AS u ON u.id = l.user_id
{MAY_READ}
"""
# Whether a log-in is one.
KNOWN = """
SELECT 1 FROM log_in AS l JOIN "user" AS u ON u.id = l.user_id
WHERE l.token_hash = :token AND l.expires_at > :now AND u.active
"""
NOT_MODIFIED = "304 NOT MODIFIED"


class IdlePoll:
    """WSGI layer in front of Flask that answers polls with nothing to say."""

    def __init__(self, app: Flask) -> None:
        self.next = app.wsgi_app
        self.cookie = app.config["LOGIN_COOKIE"]
        self.secret_key = app.config["PST"].secret_key
        address = app.config["SQLALCHEMY_DATABASE_URI"]
        self.reader = engine_of(address).reader(address)
        self.lists = UnchangedLists(self.reader.written)
        self.presence = app.extensions["presence"]
        self.gate = app.extensions["gate"]
        self.gate.knows = self.knows
        self.gate.knows_browser = self.knows_browser

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if "HTTP_HX_PTAG" in environ and environ["REQUEST_METHOD"] == "GET":
            headers = self.idle_headers(environ)
            if headers is not None:
                # Under load polls make room for pages, before these suffer.
                slower = [SLOWER] if self.gate.is_busy else []
                start_response(NOT_MODIFIED, headers + slower)
                return []
            start_response = self._noting(environ, start_response)
        return self.next(environ, start_response)

    def idle_headers(self, environ: dict[str, Any]) -> list[tuple[str, str]] | None:
        """Return what to say to a reader who has all there is; None for any other."""
        token = _cookie(environ.get("HTTP_COOKIE", ""), self.cookie)
        if not token:
            return None
        try:
            if environ["PATH_INFO"] == unchanged_lists.PATH:
                return self._unchanged_list(environ, token)
            if environ["PATH_INFO"] == COUNTING:
                return self._unchanged_count(environ["HTTP_HX_PTAG"], token)
            return self._unchanged_thread(environ, token)
        except self.reader.errors:
            return None  # Flask will say what is wrong

    def _unchanged_list(
        self, environ: dict[str, Any], token: str
    ) -> list[tuple[str, str]] | None:
        key = (digest(token), environ["QUERY_STRING"])
        is_same = self.lists.is_unchanged(key, environ["HTTP_HX_PTAG"])
        return [] if is_same and self._read(KNOWN, token) else None

    def _noting(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Remember what Flask says to a poll of the worklist."""
        token = _cookie(environ.get("HTTP_COOKIE", ""), self.cookie)
        if environ["PATH_INFO"] != unchanged_lists.PATH or not token:
            return start_response
        key = (digest(token), environ["QUERY_STRING"])
        try:
            return self.lists.noting(key, environ["HTTP_HX_PTAG"], start_response)
        except self.reader.errors:
            return start_response

    def _unchanged_count(self, mark: str, token: str) -> list[tuple[str, str]] | None:
        row = self._read(COUNT, token)
        is_same = row is not None and NUMBER.match(mark) and int(mark) == row[0]
        return [] if is_same else None

    def _unchanged_thread(
        self, environ: dict[str, Any], token: str
    ) -> list[tuple[str, str]] | None:
        match = PATH.match(environ["PATH_INFO"])
        cursor = CURSOR.match(environ["HTTP_HX_PTAG"])
        if match is None or cursor is None:
            return None
        row = self._read(NEWEST, token, number=match[1])
        if row is None or row[0] is None:
            return None
        newest, reads, reader_id, waiting = row
        if waiting is not None or "HTTP_PST_AWAY" not in environ:
            # A user whose window has no focus does not look: they are mailed.
            self.presence.note(match[1], reader_id)
        if int(cursor[1]) < newest or int(cursor[2]) != reads:
            return None
        return [] if waiting is None else [("Pst-Waiting", str(waiting))]

    def knows(self, environ: dict[str, Any]) -> bool:
        """Return whether a user is logged in, or was so in this browser.

        When that cannot be read, Flask will.
        """
        cookies = environ.get("HTTP_COOKIE", "")
        if self.knows_browser(environ):
            return True
        token = _cookie(cookies, self.cookie)
        if not token:
            return False
        try:
            return self._read(KNOWN, token) is not None
        except self.reader.errors:
            return True

    def knows_browser(self, environ: dict[str, Any]) -> bool:
        """Return whether someone has logged in from this browser before."""
        cookies = environ.get("HTTP_COOKIE", "")
        cookie = _cookie(cookies, cookie_name(self.cookie))
        return cookie is not None and is_genuine(cookie, self.secret_key)

    def _read(self, query: str, token: str, **more: str) -> tuple[Any, ...] | None:
        values = {"token": digest(token), "now": now_as_stored(), **more}
        return self.reader.row(query, values)


def _cookie(cookies: str, name: str) -> str | None:
    for part in cookies.split(";"):
        part = part.strip()
        if part.startswith(name + "="):
            return part[len(name) + 1 :]
    return None


def init_app(app: Flask) -> None:
    """Put the layer in front of everything else."""
    read_marks.init_app(app)
    app.wsgi_app = IdlePoll(app)  # type: ignore[method-assign]


def cursor() -> tuple[int, int | None]:
    """Return the last entry that the page has, and the count of read marks then."""
    match = CURSOR.match(request.headers.get("HX-PTag", ""))
    return (int(match[1]), int(match[2])) if match else (0, None)
