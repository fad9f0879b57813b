"""Codes that officers gave, reviewed by a colleague before they are examples."""

from flask import abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.classifications.activities.examples import WORDS_LENGTH
from pst.consultations.answers import code_decisions
from pst.consultations.answers.code_decisions import CodeDecision
from pst.database import db
from pst.knowledge import privacy
from pst.knowledge.editor.blueprint import bp
from pst.rules import WrongState
from pst.text.visible import is_visible
from pst.web.access import officers, staff
from pst.web.responses import done, page

KEEP, LEAVE = "pakai", "lewati"


@bp.get("/kode")
@staff
def codes() -> ResponseReturnValue:
    return page("editor/codes.html", decisions=code_decisions.pending())


@bp.post("/kode/<int:id>")
@officers
def review_code(id: int) -> ResponseReturnValue:
    """Keep the words, as the reviewer writes them, or leave them out."""
    decision = db.get_or_404(CodeDecision, id)
    words = request.form.get("words", "").strip()
    button = request.form.get("press")
    if button not in (KEEP, LEAVE):
        abort(400)
    if refusal := _refusal(decision, words, button):
        db.session.rollback()
        return page(
            "editor/codes.html",
            decisions=code_decisions.pending(),
            refused=id,
            refusal=refusal,
            typed=words,
        ), 422
    db.session.commit()
    flash("Contoh dipakai untuk pencarian." if button == KEEP else "Dilewati.")
    return done(url_for(".codes"))


def _refusal(decision: CodeDecision, words: str, button: str) -> str:
    """Do what was pressed; return why it may not be done, if so."""
    try:
        if button == LEAVE:
            decision.leave(current_user)
            return ""
        if unfit := _unfit(decision, words):
            return unfit
        decision.keep(words, current_user)
    except WrongState as error:
        return str(error)
    return ""


def _unfit(decision: CodeDecision, words: str) -> str:
    """Return why the words may not be kept: they have to be free of personal data."""
    if not is_visible(words) or len(words) > WORDS_LENGTH:
        return f"Tulis kegiatannya, paling banyak {WORDS_LENGTH} huruf."
    own = privacy.known_of(decision.consultation.user)
    findings = privacy.findings(words, own)
    if findings:
        return f"Buang data pribadi dahulu: “{findings[0].text}”."
    return ""
