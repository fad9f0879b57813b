"""The least that Flask can do for the same answer: what our pages are compared with.

The same HTML with the token put in, the same statements asked of SQLite by hand, CSRF
protection and compression, and nothing else. No framework-less server and no cache of
whole pages: those would be another service.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from flask import Flask, request
from flask_compress import Compress
from flask_wtf.csrf import CSRFProtect
from jinja2 import Template

from bench.inside import Request, Statement, csrf_token_of, html, statements
from pst.accounts.digests import digest
from pst.config import COMPRESSION
from pst.consultations.desk.worklist.waiting_count import now_as_stored
from pst.database.sqlite import PRAGMAS

LOG_IN = """
SELECT u.id, u.active FROM log_in AS l JOIN user AS u ON u.id = l.user_id
WHERE l.token_hash = ? AND l.expires_at > ?
"""
CONSULTATION = "SELECT id, state FROM consultation WHERE number = ? AND user_id = ?"
MESSAGE = """
INSERT INTO message (consultation_id, kind, author_id, body, data, key, created_at,
  is_final, is_flagged)
VALUES (?, 'message', ?, ?, '{}', ?, ?, 0, 0)
"""
NEWEST = """
UPDATE consultation SET newest_id = ?, newest_shown_id = ?, reads = reads + 1
WHERE id = ?
"""
MARK = """
UPDATE read_mark SET message_id = ?, read_at = ?
WHERE consultation_id = ? AND user_id = ?
"""


def bare() -> Flask:
    """Make an application with CSRF protection, compression, and no page yet."""
    app = Flask("bench.minimal", static_folder=None)
    app.config.update(COMPRESSION, SECRET_KEY="bench", WTF_CSRF_TIME_LIMIT=None)
    Compress(app)
    CSRFProtect(app)
    return app


def of_pages(app: Flask, folder: Path, pages: dict[str, Request]) -> Flask:
    """Make the minimal application that gives the same pages as `app` does."""
    app_of_one = bare()
    connection = connect(folder)
    for name, page in pages.items():
        with statements(app) as queries:
            text = html(app, page)
        reads = [
            each for each in queries if each[0].lstrip().startswith(("SELECT", "WITH"))
        ]
        template = app_of_one.jinja_env.from_string(_with_tokens(text))
        app_of_one.add_url_rule(f"/{name}", name, _view(template, connection, reads))
    return app_of_one


def _with_tokens(text: str) -> str:
    token = csrf_token_of(text)
    parts = text.split(token) if token else [text]
    raw = [f"{{% raw %}}{part}{{% endraw %}}" for part in parts]
    return "{{ csrf_token() }}".join(raw)


def _view(
    template: Template, connection: sqlite3.Connection, reads: list[Statement]
) -> Callable[[], str]:
    def show() -> str:
        for text, values in reads:
            connection.execute(text, values).fetchall()
        return template.render()

    return show


def connect(folder: Path) -> sqlite3.Connection:
    """Open the database as the service does."""
    connection = sqlite3.connect(
        folder / "pst.sqlite3", isolation_level=None, check_same_thread=False
    )
    for pragma in PRAGMAS:
        connection.execute(pragma)
    return connection


def of_sends(connect_here: Callable[[], sqlite3.Connection]) -> Flask:
    """Make the minimal application that takes a message: log-in, checks, writes."""
    app = bare()

    @app.get("/<number>")
    def form(number: str) -> str:
        return app.jinja_env.from_string(
            '<input name="csrf_token" value="{{ csrf_token() }}">'
        ).render()

    @app.post("/<number>")
    def send(number: str) -> tuple[str, int]:
        connection, now = connect_here(), now_as_stored()
        token = digest(request.cookies["pst_l"])
        user = connection.execute(LOG_IN, (token, now)).fetchone()
        connection.execute("BEGIN IMMEDIATE")
        row = connection.execute(CONSULTATION, (number, user[0])).fetchone()
        values = (row[0], user[0], request.form["body"], request.form["key"], now)
        id = connection.execute(MESSAGE, values).lastrowid
        connection.execute(NEWEST, (id, id, row[0]))
        connection.execute(MARK, (id, now, row[0], user[0]))
        connection.execute("COMMIT")
        return "", 204

    return app
