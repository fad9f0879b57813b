"""The messages of a long conversation that its page does not show: by their key."""

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.consultations.blueprint import find
from pst.consultations.conversation.thread import NEWEST, Thread
from pst.web.access import signed_in
from pst.web.responses import page

bp = Blueprint("earlier_messages", __name__, url_prefix="/konsultasi")


@bp.get("/<number>/sebelumnya")
@signed_in
def show(number: str) -> ResponseReturnValue:
    """Show the messages before one, in a page of their own."""
    consultation = find(number)
    before = request.args.get("sebelum", type=int)
    thread = Thread(consultation, current_user, most=NEWEST, before=before)
    if "sebelum" not in request.args:
        return redirect(thread.address, code=303)
    if before is None:
        abort(400)
    consultation.record_reading(current_user)
    return page("earlier_messages/show.html", thread=thread)
