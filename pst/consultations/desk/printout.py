"""A conversation on paper, under the letterhead of the office."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.consultations.blueprint import find
from pst.consultations.conversation.entries import Entry
from pst.consultations.conversation.thread import Thread
from pst.web.access import staff
from pst.web.responses import page

bp = Blueprint("printout", __name__, url_prefix="/petugas")


@bp.get("/konsultasi/<number>/cetak")
@staff
def show(number: str) -> ResponseReturnValue:
    """Show it for printing; internal notes stand there only when asked for."""
    consultation = find(number)
    consultation.record_reading(current_user)
    with_notes = request.args.get("catatan") == "ya"
    entries: list[Entry] = [
        entry
        for entry in Thread(consultation, current_user).messages
        if with_notes or not entry.is_note
    ]
    return page(
        "printout/show.html",
        consultation=consultation,
        entries=entries,
        with_notes=with_notes,
    )
