"""Pictures that show where an article is linked: drawn by the worker, then kept.

Drawing takes a tenth of a second and a typesetter; so a request only ever sends a
file that lies there, and costs a stranger's request no more than that.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa
from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from pst import reference_lists
from pst.background import later
from pst.database import db, transaction
from pst.knowledge.article.revisions import Revision
from pst.knowledge.models import DRAW_PREVIEWS, Article
from pst.office import settings
from pst.uploads.file_store import files, send
from pst.web.access import everyone
from pst.web.responses import link

bp = Blueprint("link_previews", __name__)
PROGRAM = Path(__file__).with_name("preview_setter.py")
TEMPLATE = reference_lists.DATA / "link_preview.typ"
FOLDER = "link_previews"
TIMEOUT_S = 60
# A run draws so many, and ends: mails do not wait for it. The next goes on.
MAX_DRAWN = 8
OFFICE = "layanan"
NAME = re.compile(rf"{OFFICE}|[0-9]{{1,9}}-[0-9]{{1,9}}")


@bp.get("/pratinjau/<name>.png")
@everyone
def picture(name: str) -> ResponseReturnValue:
    if not NAME.fullmatch(name):
        abort(404)
    response = send(_file_name(name), "image/png")
    response.headers["Cache-Control"] = "public, max-age=86400"
    # Other sites show it.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@bp.app_template_global()
def preview_of(revision: Revision | None = None) -> str:
    """Return the address of the picture of a published revision, or of the office."""
    return link("link_previews.picture", name=_name(revision))


def draw_link_previews() -> None:
    """Draw what is published and not drawn yet; remove what is shown no more."""
    titles, office = _titles(), settings.current()
    db.session.rollback()
    present = {Path(file.name).stem for file in files().every(FOLDER)}
    for name in present - titles.keys():
        files().delete(_file_name(name))
    missing = [name for name in titles if name not in present]
    for name in missing[:MAX_DRAWN]:
        _draw(name, titles[name], office.office_name, office.service_name)
    if missing[MAX_DRAWN:]:
        with transaction():
            later(DRAW_PREVIEWS, behind=True)


def _titles() -> dict[str, str]:
    """Return the title on each picture that is shown, by the name of its file."""
    rows = db.session.execute(
        sa.select(Revision.article_id, Revision.number, Revision.title).join(
            Article,
            sa.and_(
                Article.id == Revision.article_id,
                Article.published_number == Revision.number,
            ),
        )
    )
    titles = {f"{id}-{number}": title for id, number, title in rows}
    return titles | {OFFICE: settings.current().service_name}


def _draw(name: str, title: str, office: str, service: str) -> None:
    text = {"title": title, "office": office, "service": service}
    result = subprocess.run(
        [sys.executable, "-I", str(PROGRAM), str(TEMPLATE)],
        input=json.dumps(text).encode(),
        capture_output=True,
        timeout=TIMEOUT_S,
        check=True,
    )
    files().put(_file_name(name), result.stdout)


def _file_name(name: str) -> str:
    return f"{FOLDER}/{name}.png"


def _name(revision: Revision | None) -> str:
    return f"{revision.article_id}-{revision.number}" if revision else OFFICE
