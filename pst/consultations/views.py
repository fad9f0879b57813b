"""The user's side: their consultations, and the conversation."""

from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.consultations.blueprint import bp, find, find_own

# Imported so that people find back here from a refused step.
from pst.consultations.conversation import (
    facts,
    standing,
    ways_on,  # noqa: F401  (see above)
)
from pst.consultations.conversation.others_reading import OthersReading
from pst.consultations.conversation.polling import cursor
from pst.consultations.conversation.thread import NEWEST, Thread

# The views of this module are on the same blueprint; importing it adds them.
from pst.consultations.filing import views as filing_views  # noqa: F401
from pst.consultations.forms import MessageForm
from pst.consultations.models import Consultation
from pst.consultations.queries import History, QueuePlace
from pst.consultations.rate_limits import MAX_MESSAGES, by_person, limited_by_files
from pst.consultations.states import Reason
from pst.database import db
from pst.extensions import limiter
from pst.web.access import person, signed_in
from pst.web.responses import done, fragment, framed, framing, is_htmx, page


@bp.get("")
@signed_in
def index() -> ResponseReturnValue:
    history = History(current_user, page=request.args.get("hal", 1, type=int))
    return page("consultations/index.html", history=history)


@bp.get("/<number>")
@signed_in
def show(number: str) -> ResponseReturnValue:
    return _show(find_own(number), MessageForm.to_fill(request.args.get("quoted")))


def _show(consultation: Consultation, form: MessageForm) -> Response:
    reader = person()
    thread = Thread(consultation, reader, most=NEWEST)
    answer = page(
        "consultations/show.html",
        thread=thread,
        form=form,
        facts=facts.html(consultation, reader),
        **_about(consultation, thread.others),
    )
    return framing(answer)


@bp.get("/<number>/keadaan")
@signed_in
def state(number: str) -> ResponseReturnValue:
    """Return the state of the page, fetched again on `changed`."""
    consultation = find_own(number)
    others = OthersReading.of(consultation, person())
    return fragment("consultations/_state.html", **_about(consultation, others))


def _about(consultation: Consultation, others: OthersReading) -> dict[str, Any]:
    return {
        "consultation": consultation,
        "others": others,
        "standing": standing.html(consultation, others),
    }


@bp.get("/<number>/pesan")
@signed_in
def messages(number: str) -> ResponseReturnValue:
    """Return what came since the last message of the page; 304 if nothing did."""
    if not (is_htmx() or "HX-PTag" in request.headers):
        return redirect(_page_of(find(number)), code=303)
    after, reads = cursor()
    thread = Thread(find(number), current_user, after, reads)
    if not thread.messages:
        if reads == thread.consultation.reads:
            return "", 304
        # A reader moved on: there is nothing to append, but the state shows it.
        return "", 204, {"HX-PTag": thread.cursor, "HX-Trigger": "changed"}
    thread.consultation.record_reading(current_user)
    answer = fragment(
        "consultations/conversation/_messages.html", thread=thread, ptag=thread.cursor
    )
    answer.headers["HX-Trigger"] = thread.news
    return answer


def _page_of(consultation: Consultation) -> str:
    is_own = consultation.user_id == current_user.id
    endpoint = ".show" if is_own else "desk.show"
    return url_for(endpoint, number=consultation.number, _anchor="akhir")


@bp.get("/<number>/terbaru")
@signed_in
def latest(number: str) -> ResponseReturnValue:
    """Return the frame with new messages of a page without scripts."""
    after = request.args.get("sesudah", 0, type=int)
    thread = Thread(find(number), current_user, after=after)
    if thread.messages:
        thread.consultation.record_reading(current_user)
    is_own = thread.consultation.user_id == current_user.id
    place = QueuePlace(thread.consultation) if is_own else None
    return framed(page("consultations/latest.html", thread=thread, place=place))


@bp.post("/<number>/pesan")
@signed_in
@limiter.limit(MAX_MESSAGES, key_func=by_person)
@limited_by_files
def say(number: str) -> ResponseReturnValue:
    form = MessageForm()
    is_complete = form.is_complete  # Read before others wait for this one to write.
    consultation = find_own(number)
    if not is_complete or not form.take(consultation, current_user):
        if is_htmx():
            return fragment("consultations/conversation/_refused.html", form=form), 422
        return _show(consultation, form), 422
    consultation.say(
        current_user,
        form.body.data or "",
        key=form.key.data,
        attachments=form.taken,
        quoted=form.quoted_id,
    )
    db.session.commit()
    return done(url_for(".show", number=number, _anchor="akhir"), event="said")


@bp.post("/<number>/penutupan")
@signed_in
def close(number: str) -> ResponseReturnValue:
    find_own(number).close(Reason.RESOLVED, by=current_user)
    db.session.commit()
    flash("Konsultasi ditutup. Terima kasih.")
    return done(url_for(".show", number=number))


@bp.post("/<number>/pembatalan")
@signed_in
def withdraw(number: str) -> ResponseReturnValue:
    find_own(number).withdraw(current_user)
    db.session.commit()
    flash("Konsultasi dibatalkan.")
    return done(url_for(".show", number=number))
