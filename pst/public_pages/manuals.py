"""The manuals, shown from the Markdown in `docs/panduan`."""

import re
from functools import cache

from flask import Blueprint, current_app, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from pst.config import ROOT
from pst.knowledge.article import markup
from pst.web.access import admins, everyone, team
from pst.web.responses import page

bp = Blueprint("manuals", __name__, url_prefix="/panduan")
FOLDER = ROOT / "docs" / "panduan"
# The parts of the admins' manual, each `admin-NAME.md` there.
ADMIN = ("pemasangan", "sehari-hari", "surel", "cadangan", "keamanan", "pemeliharaan")
PART = re.compile(r"\]\(admin-([a-z-]+)\.md")
NO_WORD = re.compile(r"[^\w -]")
HEADING = re.compile(r"<h([23])>(.*?)</h\1>", re.S)
TAG = re.compile(r"<[^>]+>")
# A picture is fetched when its reader asks for it.
PICTURE = re.compile(r'<p>((?:<a [^>]*>)?<img [^>]*alt="([^"]*)"[^>]*>(?:</a>)?)</p>')
FOLDED = r"<details><summary>Gambar: \2</summary>\1</details>"


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
    title, body, _ = _rendered("admin-ti")
    parts = [(name, *_rendered(f"admin-{name}")[::2]) for name in ADMIN]
    return page("manuals/index.html", title=title, body=body, parts=parts)


@admins
def admin_part(name: str) -> Response:
    return _manual(f"admin-{name}")


for _name in ADMIN:
    bp.add_url_rule(f"/admin/{_name}", view_func=admin_part, defaults={"name": _name})


@bp.app_template_global()
def admin_manual(words: str) -> str:
    """Return the address of the section of the admins' manual with this heading."""
    target = place(words)
    for name in ADMIN:
        if target in places(f"admin-{name}"):
            return url_for("manuals.admin_part", name=name, _anchor=target)
    return url_for("manuals.admin", _anchor=target)


def _manual(name: str) -> Response:
    title, body, contents = _rendered(name)
    contents = [each for each in contents if each[2] == "2"]
    return page("manuals/show.html", title=title, body=body, contents=contents)


def _rendered(name: str) -> tuple[str, Markup, list[tuple[str, str, str]]]:
    title, text = read(name)
    body = markup.html(text, current_app.extensions["pictures"])
    body = Markup(PICTURE.sub(FOLDED, str(body)))
    return (title, *with_places(body))


@cache
def places(name: str) -> frozenset[str]:
    """Return the places of the headings of a manual."""
    return frozenset(map(place, re.findall(r"(?m)^##+ (.*)$", read(name)[1])))


@cache
def read(name: str) -> tuple[str, str]:
    """Return the title of a manual, and its text with headings one level up.

    The page shows the title in its own place.
    """
    title, _, text = (FOLDER / f"{name}.md").read_text(encoding="utf-8").partition("\n")
    text = PART.sub(r"](/panduan/admin/\1", text)
    return title.lstrip("# "), re.sub(r"(?m)^#(#+ )", r"\1", text)


def with_places(body: Markup) -> tuple[Markup, list[tuple[str, str, str]]]:
    """Return the body with an id on each heading, and the headings.

    Each of these is its id, its words and its level.
    """
    contents: list[tuple[str, str, str]] = []

    def placed(heading: re.Match[str]) -> str:
        level, html = heading[1], heading[2]
        words = TAG.sub("", html)
        contents.append((place(words), Markup(words).unescape(), level))
        return f'<h{level} id="{place(words)}">{html}</h{level}>'

    return Markup(HEADING.sub(placed, str(body))), contents


def place(heading: str) -> str:
    """Return the id of a heading as code hosts make it: `email-gagal`."""
    return NO_WORD.sub("", heading.lower()).strip().replace(" ", "-")
