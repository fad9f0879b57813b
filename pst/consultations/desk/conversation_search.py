"""Find across conversations: for officers and the head, notes included."""

import click
from flask import Blueprint, request
from flask.cli import AppGroup
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.consultations.conversation import conversation_index as full_text
from pst.consultations.conversation.conversation_index import Finder
from pst.database import transaction
from pst.web.access import staff
from pst.web.responses import page

bp = Blueprint("conversation_search", __name__, url_prefix="/petugas/pencarian")
consultations = AppGroup("consultations", help="Conversations.")


@bp.get("")
@staff
def index() -> ResponseReturnValue:
    finder = Finder(request.args.get("q", "").strip(), current_user)
    return page(
        "conversation_search/index.html",
        "conversation_search/_results.html",
        finder=finder,
    )


@consultations.command("reindex")
def reindex() -> None:
    """Rebuild the full-text index over conversations."""
    with transaction():
        full_text.rebuild()
    click.echo("The index over conversations is rebuilt.")
