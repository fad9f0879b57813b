"""The user's side: the rating, the questionnaire after it, and follow-ups' answers.

The links come by mail and work without logging in; opening one changes nothing, so a
mail scanner that follows links rates nothing.
"""

from typing import NoReturn

from flask import Blueprint, Response, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.consultations import links
from pst.consultations.blueprint import find_own
from pst.consultations.models import Consultation
from pst.database import db
from pst.feedback import survey as questionnaire
from pst.feedback.follow_ups.models import FollowUp
from pst.feedback.forms import FollowUpReplyForm, RatingForm, survey_form
from pst.feedback.models import Need, Rating, Via
from pst.feedback.queries import Asking
from pst.feedback.survey_answers import SurveyAnswer
from pst.office import settings
from pst.web.access import everyone, signed_in
from pst.web.forms.fields import BaseForm
from pst.web.registered_pages import register_page
from pst.web.responses import done, page

bp = Blueprint("feedback", __name__)
register_page("rating", "feedback.rate")


def find(token: str) -> Asking:
    """Find the consultation a rating link is for, if it can be asked about."""
    number = links.read("rating", token)
    consultation = number and db.session.scalar(
        db.select(Consultation).filter_by(number=number)
    )
    if not consultation:
        refuse("unknown", 404)
    if consultation.is_erased:
        refuse("erased", 410)
    if consultation.is_user_shut_out:
        refuse("shut_out", 403)
    asking = Asking(consultation)
    if asking.is_early:
        refuse("early", 409)
    if asking.is_never_asked:
        refuse(str(consultation.reason), 410)
    if asking.is_over:
        refuse("over", 410)
    return asking


def refuse(why: str, status: int) -> NoReturn:
    """Answer why the link does nothing, and what to do instead."""
    abort(page("feedback/dead_link.html", status=status, why=why))


@bp.get("/nilai/<token>")
@everyone
def rate(token: str) -> ResponseReturnValue:
    asking = find(token)
    form = RatingForm(formdata=None, obj=asking.rating)
    if asking.rating is None:
        form.score.data = request.args.get("nilai", "")
        form.need.data = request.args.get("kebutuhan", "")
    form.seen.data = asking.version
    return _rating_page(asking, form, token)


@bp.post("/nilai/<token>")
@everyone
def leave(token: str) -> ResponseReturnValue:
    asking = find(token)
    form = RatingForm()
    if not asking.asks_need:
        del form.need
    if not form.validate():
        return _rating_page(asking, form, token), 422
    comment = form.comment.data or ""
    if words := asking.unseen_words(comment, request.form.get("seen")):
        form.warn_of(words, asking.version)
        return _rating_page(asking, form, token), 409
    Rating.leave(
        asking.consultation,
        int(form.score.data),
        comment,
        need=Need(form.need.data) if asking.asks_need else None,
        via=_via(asking.consultation),
    )
    db.session.commit()
    flash("Terima kasih. Penilaian Anda tersimpan.")
    return done(url_for(".rate", token=token))


def _rating_page(asking: Asking, form: RatingForm, token: str) -> Response:
    return page("feedback/rate.html", asking=asking, form=form, token=token)


def _via(consultation: Consultation) -> Via:
    is_own = getattr(current_user, "id", None) == consultation.user_id
    return Via.PAGE if is_own else Via.LINK


@bp.get("/nilai/<token>/survei")
@everyone
def survey(token: str) -> ResponseReturnValue:
    asking = find(token)
    if not asking.offers_survey:
        refuse_survey(asking)
    return _survey_page(asking, survey_form(_elements(), formdata=None), token)


@bp.post("/nilai/<token>/survei")
@everyone
def answer_survey(token: str) -> ResponseReturnValue:
    asking = find(token)
    form = survey_form(_elements())
    if asking.rating is None or not asking.offers_survey:
        refuse_survey(asking)
    if not form.validate():
        return _survey_page(asking, form, token), 422
    scores = {element.code: int(form[element.code].data) for element in _elements()}
    SurveyAnswer.give(asking.rating, scores)
    db.session.commit()
    flash("Terima kasih. Jawaban survei Anda tersimpan.")
    return done(url_for(".rate", token=token))


def refuse_survey(asking: Asking) -> NoReturn:
    """Answer that the questionnaire was answered, or that the rating comes first."""
    why = "survey_first" if asking.rating is None else "survey_done"
    refuse(why, 409)


def _survey_page(asking: Asking, form: BaseForm, token: str) -> Response:
    return page(
        "feedback/survey.html",
        asking=asking,
        form=form,
        elements=_elements(),
        token=token,
    )


def _elements() -> tuple[questionnaire.Element, ...]:
    return questionnaire.elements(settings.current().survey_off)


@bp.get("/konsultasi/<number>/penilaian")
@signed_in
def card(number: str) -> ResponseReturnValue:
    """Show the rating, in the page of the conversation or on a page of its own."""
    asking = Asking(find_own(number))
    return page("feedback/card.html", "feedback/_card.html", asking=asking)


def find_follow_up(token: str) -> FollowUp:
    number = links.read("follow_up", token)
    follow_up = number and db.session.scalar(
        db.select(FollowUp).filter_by(number=number)
    )
    if not follow_up:
        refuse("unknown", 404)
    if not follow_up.is_answerable:
        refuse("follow_up_over", 410)
    if follow_up.consultation.is_user_shut_out:
        refuse("shut_out", 403)
    return follow_up


@bp.get("/tindak-lanjut/<token>")
@everyone
def answer(token: str) -> ResponseReturnValue:
    """Show what the office wrote, and room for the user's answer."""
    form = FollowUpReplyForm(formdata=None)
    return page("feedback/answer.html", follow_up=find_follow_up(token), form=form)


@bp.post("/tindak-lanjut/<token>")
@everyone
def reply(token: str) -> ResponseReturnValue:
    follow_up = find_follow_up(token)
    form = FollowUpReplyForm()
    if not form.validate():
        return page("feedback/answer.html", follow_up=follow_up, form=form), 422
    follow_up.answer(form.body.data or "", key=form.key.data)
    db.session.commit()
    flash("Terima kasih. Tanggapan Anda sudah kami terima.")
    return done(url_for(".answer", token=token))
