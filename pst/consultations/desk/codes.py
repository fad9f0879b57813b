"""Codes next to the composer: found by what the user does, inserted in one press."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.classifications.lookup import candidates_for
from pst.classifications.models import Code
from pst.classifications.queries import CodePage
from pst.consultations.answers.code_decisions import words_of
from pst.consultations.blueprint import find
from pst.consultations.forms import is_id
from pst.consultations.models import Consultation
from pst.consultations.states import Category
from pst.database import db
from pst.web.access import officers
from pst.web.responses import fragment

bp = Blueprint("codes", __name__, url_prefix="/petugas/konsultasi/<number>/kode")
MAX_WORDS_LENGTH = 300


@dataclass(frozen=True)
class CodeChoice:
    """A code as an officer may put it into an answer."""

    code: Code
    text: str


@bp.get("")
@officers
def choices(number: str) -> ResponseReturnValue:
    """Show the codes for what an officer types, or for what the user described."""
    consultation = find(number)
    words = request.args.get("q", "")[:MAX_WORDS_LENGTH]
    candidates = _choices(words or words_of(consultation))
    return fragment("codes/_choices.html", choices=candidates)


@bp.app_template_global("needs_code")
def needs_code(consultation: Consultation) -> bool:
    """Return whether the reader answers it with a code."""
    is_wanted = consultation.category == Category.CLASSIFICATION
    return is_wanted and consultation.can_be_answered_by(current_user)


@bp.app_template_global("codes_to_insert")
def codes_to_insert(consultation: Consultation) -> list[CodeChoice]:
    return _choices(words_of(consultation))


def text_of(id: str) -> str:
    """Return what is put into an answer for a code; "" for none."""
    code = db.session.get(Code, int(id)) if is_id(id) else None
    return _written(code) if code else ""


def _choices(words: str) -> list[CodeChoice]:
    candidates = candidates_for(words)
    return [CodeChoice(each.code, _written(each.code)) for each in candidates]


def _written(code: Code) -> str:
    text = render_template("codes/_answer.txt", code=code, shown=CodePage(code))
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())
