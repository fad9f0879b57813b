"""Whether a letter is genuine, for anyone who holds it: by its code, or by its file.

The code in the letter is its seal, known before the letter was set. A file is known by
its own hash, which a browser works out by itself; without a script the file is sent
here, up to a bound, hashed and dropped.
"""

import hashlib
import re

import sqlalchemy as sa
from flask import Blueprint, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import undefer

from pst.database import db
from pst.reports.letter.approvals import SEAL_LENGTH
from pst.reports.models import Report
from pst.web.access import everyone
from pst.web.load_shedding import WIDER
from pst.web.responses import done, page

PREFIX = "/sah"
bp = Blueprint("authenticity", __name__, url_prefix=PREFIX)
# A letter has some 300 KB; hashing so much takes a millisecond.
MAX_FILE_BYTES = 1_000_000
SHA256_LENGTH = 64
HEX = re.compile(r"[0-9a-f]+")
# Blanks and hyphens that people put between the parts of a long code.
PAUSES = re.compile(r"[\s-]+")


@bp.record_once
def take_letters(setup: BlueprintSetupState) -> None:
    """Let strangers send a whole letter to be hashed."""
    setup.app.extensions.setdefault(WIDER, {})[PREFIX] = MAX_FILE_BYTES


@bp.get("")
@everyone
def index() -> ResponseReturnValue:
    """Ask for a code, or for a file."""
    if code := request.args.get("kode", ""):
        return done(url_for(".show", code=tidy(code)[:SHA256_LENGTH] or "-"))
    return page("authenticity/index.html", error="")


@bp.post("")
@everyone
def check_file() -> ResponseReturnValue:
    """Work out the hash of a file that is not kept."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return page("authenticity/index.html", error="Pilih berkas PDF surat."), 422
    code = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]
    return done(url_for(".show", code=code))


@bp.get("/<code>")
@everyone
def show(code: str) -> ResponseReturnValue:
    """Show the approved letter with this seal or this file, or that there is none."""
    code = tidy(code)
    report = find(code)
    is_file = len(code) == SHA256_LENGTH
    if report is None:
        return page("authenticity/unknown.html", is_file=is_file), 404
    return page("authenticity/show.html", report=report, is_file=is_file)


def find(code: str) -> Report | None:
    columns = {SEAL_LENGTH: Report.seal, SHA256_LENGTH: Report.signed_sha256}
    column = columns.get(len(code))
    if column is None or not HEX.fullmatch(code):
        return None
    query = sa.select(Report).where(column == code)
    parts = undefer(Report.frozen), undefer(Report.signed_pdf)
    return db.session.scalar(query.options(*parts))


def tidy(code: str) -> str:
    return PAUSES.sub("", code).lower()
