"""The manuals, shown from the Markdown in `docs/panduan`."""

import re
from functools import cache

from flask import Blueprint, current_app
from markupsafe import Markup
from werkzeug.wrappers import Response

from pst.access import admins, everyone, team
from pst.config import ROOT
from pst.knowledge import markup
from pst.pages import page

bp = Blueprint("manuals", __name__, url_prefix="/panduan")
FOLDER = ROOT / "docs" / "panduan"
NO_WORD = re.compile(r"[^\w -]")
HEADING = re.compile(r"<h([23])>(.*?)</h\1>", re.S)
TAG = re.compile(r"<[^>]+>")


@bp.get("")
@everyone
def user() -> Response:
    return _manual("pengguna")


@bp.get("/petugas")
@team
def officer() -> Response:
    return _manual("petugas")


@bp.get("/admin")
@admins
def admin() -> Response:
    return _manual("admin-ti")


def _manual(name: str) -> Response:
    title, text = read(name)
    body = markup.html(text, current_app.extensions["pictures"])
    body, contents = with_places(body)
    return page("manuals/show.html", title=title, body=body, contents=contents)


@cache
def read(name: str) -> tuple[str, str]:
    """Return the title of a manual, and its text with headings one level up.

    The page shows the title in its own place.
    """
    title, _, text = (FOLDER / f"{name}.md").read_text(encoding="utf-8").partition("\n")
    return title.lstrip("# "), re.sub(r"(?m)^#(#+ )", r"\1", text)


def with_places(body: Markup) -> tuple[Markup, list[tuple[str, str]]]:
    """Return the body with an id on each heading, and the headings of level 2.

    Each of these is its id and its words.
    """
    contents: list[tuple[str, str]] = []

    def placed(heading: re.Match[str]) -> str:
        level, html = heading[1], heading[2]
        words = TAG.sub("", html)
        if level == "2":
            contents.append((place(words), Markup(words).unescape()))
        return f'<h{level} id="{place(words)}">{html}</h{level}>'

    return Markup(HEADING.sub(placed, str(body))), contents


def place(heading: str) -> str:
    """Return the id of a heading as code hosts make it: `email-gagal`."""
    return NO_WORD.sub("", heading.lower()).strip().replace(" ", "-")
