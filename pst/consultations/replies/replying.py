"""Replying from a mail without logging in, and switching such mails off.

A link lets its holder write into one conversation for some days, and read nothing: a
mail may be forwarded, and what an officer wrote is for the user alone. Opening a link
changes nothing, so a mail scanner that follows links says nothing.
"""

from datetime import timedelta
from typing import NoReturn

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst import clock
from pst.accounts.users import User
from pst.consultations import links
from pst.consultations.forms import ReplyForm, is_id
from pst.consultations.messages import Message
from pst.consultations.models import Consultation
from pst.database import db
from pst.extensions import csrf, limiter
from pst.networks import network_of
from pst.outbox.bad_addresses import BadAddress
from pst.web.access import everyone
from pst.web.responses import done, page

bp = Blueprint("replying", __name__)
OPEN_FOR = timedelta(days=7)


def by_link() -> str:
    """Return the key of the mailed link, so that each one has its own limit."""
    token = (request.view_args or {}).get("token", "")
    kinds = ("reply", "notices", "digest")
    link = next(filter(None, (links.read(kind, token) for kind in kinds)), None)
    return f"link:{link}" if link else network_of(request.remote_addr or "")


def find(token: str) -> Consultation:
    """Return the conversation that a reply link opens, if it still does."""
    number, _, entry = (links.read("reply", token) or "").rpartition(".")
    message = db.session.get(Message, int(entry)) if is_id(entry) else None
    query = db.select(Consultation).filter_by(number=number)
    consultation = db.session.scalar(query)
    if message is None or consultation is None:
        refuse("unknown", 404)
    if message.consultation_id != consultation.id:
        refuse("unknown", 404)
    is_over = clock.now() > message.created_at + OPEN_FOR
    if is_over or not consultation.can_be_written_by_user:
        refuse("over", 410)
    if consultation.is_user_shut_out:
        refuse("shut_out", 403)
    return consultation


def find_reader(token: str) -> User:
    """Return whose mails a link switches off: a user's notices, an officer's digest."""
    number, id = links.read("notices", token), links.read("digest", token)
    query = db.select(User)
    if number:
        query = query.join(Consultation, Consultation.user_id == User.id)
        query = query.where(Consultation.number == number)
    elif id:
        query = query.filter_by(id=int(id))
    else:
        refuse("unknown", 404)
    user = db.session.scalar(query)
    if user is None:
        refuse("unknown", 404)
    return user


def refuse(why: str, status: int) -> NoReturn:
    """Refuse the request with why the link is dead, and where to go instead."""
    abort(page("replying/dead_link.html", status=status, why=why))


@bp.get("/balas/<token>")
@everyone
def write(token: str) -> ResponseReturnValue:
    consultation = find(token)
    if consultation.user_id == getattr(current_user, "id", None):
        here = url_for("consultations.show", number=consultation.number)
        return redirect(f"{here}#composer", code=303)
    return _page(consultation, ReplyForm(formdata=None), token)


def _page(consultation: Consultation, form: ReplyForm, token: str) -> Response:
    entry = (links.read("reply", token) or "").rpartition(".")[2]
    replied = consultation.last_from_office(until=int(entry))
    return page(
        "replying/show.html",
        consultation=consultation,
        form=form,
        replied=replied,
        excerpt=consultation.excerpt_of(replied),
        is_sent="terkirim" in request.args and not form.errors,
        token=token,
    )


@bp.post("/balas/<token>")
@everyone
@limiter.limit("20/hour", key_func=by_link)
def send(token: str) -> ResponseReturnValue:
    """Add a reply of the user; its officer sees that it came by a link."""
    consultation = find(token)
    form = ReplyForm()
    if not form.validate():
        return _page(consultation, form, token), 422
    message = consultation.say(
        consultation.user, form.body.data or "", key=form.key.data, by_link=True
    )
    said_id = message.id
    BadAddress.prove(consultation.user.mailbox[1])  # the link was read there
    db.session.commit()
    return done(url_for(".write", token=token, terkirim=said_id))


@bp.get("/berhenti/<token>")
@everyone
def unsubscribe(token: str) -> ResponseReturnValue:
    """Ask whether to switch the notices off: a scanner that follows links does not."""
    return page("replying/unsubscribe.html", user=find_reader(token), token=token)


@bp.post("/berhenti/<token>")
@everyone
@limiter.limit("20/hour", key_func=by_link)
@csrf.exempt  # the link is signed, and a mailbox presses it without a page of ours
def choose_notices(token: str) -> ResponseReturnValue:
    """Switch the notices off or on; one press in a mailbox is enough (RFC 8058)."""
    user = find_reader(token)
    user.choose_notices("nyalakan" in request.form)
    is_on = user.wants_notices
    db.session.commit()
    if request.form.get("List-Unsubscribe") == "One-Click":
        return "", 204  # a mailbox reads no page, and may not be sent on
    flash(
        "Pemberitahuan lewat email dinyalakan."
        if is_on
        else "Pemberitahuan lewat email dimatikan."
    )
    return done(url_for(".unsubscribe", token=token))
