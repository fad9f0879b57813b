"""The way from one conversation to the next one that needs the officer most."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.accounts.users import User
from pst.consultations.desk.worklist.sections import Section
from pst.consultations.desk.worklist.worklist import Worklist
from pst.web.access import officers
from pst.web.responses import done

bp = Blueprint("next_urgent", __name__, url_prefix="/petugas/berikutnya")
SECTIONS = (Section.OVERDUE, Section.TO_ANSWER, Section.QUEUE)


@bp.get("")
@officers
def show() -> ResponseReturnValue:
    """Go to the most urgent conversation other than the one that is left."""
    number = most_urgent(current_user, but=request.args.get("sesudah", ""))
    if number is None:
        flash("Tidak ada lagi yang menunggu Anda.")
        return done(url_for("desk.index"))
    return done(url_for("desk.show", number=number, _anchor="baru"))


def most_urgent(officer: User, but: str = "") -> str | None:
    """Return the number of what stands first in the list of `officer`, if anything."""
    worklist = Worklist(officer)
    for section in SECTIONS:
        for row in worklist.rows(section):
            if row.number != but and row.user_id != officer.id:
                return str(row.number)
    return None
