"""What all account views share: the blueprint, who is signed in, limits on tries."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import (
    Blueprint,
    current_app,
    g,
    make_response,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from pst.accounts.log_in.devices import device
from pst.accounts.log_ins import LogIn
from pst.accounts.users import User
from pst.database import db
from pst.deferred_writes import afterwards
from pst.extensions import login_manager
from pst.outbox.bad_addresses import BadAddress
from pst.web.access import person
from pst.web.formats.formatting import moment
from pst.web.forms import resubmission
from pst.web.once import part
from pst.web.registered_pages import register_page
from pst.web.responses import page

bp = Blueprint("accounts", __name__)
register_page("log_in", "accounts.log_in")
register_page("two_step", "accounts.two_step")
bp.add_app_template_filter(device)
View = TypeVar("View", bound=Callable[..., Any])


@bp.app_template_global()
def address_trouble() -> Markup:
    """Write what a person should know whose mails come back; nothing for others."""
    email = person().email
    since = BadAddress.since(email)
    if since is None:
        return Markup()
    template = "accounts/own_account/_address_trouble.html"
    return part(template, email=email, since=moment(since))


@login_manager.request_loader
def load_user(_request: object) -> User | None:
    """Find who is signed in by the token in the cookie."""
    log_in = current_log_in()
    g.is_shared_computer = log_in is not None and log_in.shared
    if log_in is None:
        return None
    log_in.user.took_second_step_elsewhere = log_in.has_second_step
    if log_in.is_seen_long_ago and "HX-PTag" not in request.headers:
        see_afterwards(log_in.id)  # a poll is no sign of a person
    return log_in.user


def current_log_in() -> LogIn | None:
    """Find the log-in of the browser that asks."""
    token = request.cookies.get(current_app.config["LOGIN_COOKIE"])
    return LogIn.with_token(token) if token else None


def see_afterwards(id: int) -> None:
    """Note after the answer that the person is there, at most every five minutes."""

    def see() -> None:
        log_in = db.session.get(LogIn, id)
        if log_in is not None and log_in.is_seen_long_ago:
            log_in.see()

    if not g.get("seen"):
        g.seen = True
        afterwards(see)


def confirmed(view: View) -> View:
    """Ask for the password or a code again before a dangerous act.

    Asks when the last time is more than 15 minutes ago; what was sent is held and can
    be sent again. Stands below the access mark.
    """

    @wraps(view)
    def ask_first(*args: Any, **kwargs: Any) -> Any:
        log_in = current_log_in()
        if log_in is not None and log_in.is_confirmed:
            return view(*args, **kwargs)
        if request.method != "POST":
            here = request.full_path.rstrip("?")
            return redirect(url_for("accounts.confirm", next=here), code=303)
        return make_response(
            confirmation_page(resubmission.from_request(even_empty=True)), 403
        )

    return ask_first  # type: ignore[return-value]


def confirmation_page(words: resubmission.HeldForm | None, **more: Any) -> Response:
    """Ask for the password, or for a code where the account has a second step."""
    return page(
        "accounts/confirm.html",
        held=words,
        with_code=current_user.has_two_step,
        **{"onward": "", "error": "", **more},
    )


@bp.app_template_global()
def is_shared_computer() -> bool:
    """Return whether the browser must keep nothing of the person who is signed in."""
    if current_user.is_authenticated and "is_shared_computer" in g:
        return bool(g.is_shared_computer)
    log_in = current_log_in()
    return log_in is not None and log_in.shared


@bp.app_template_global()
def left_person() -> int | None:
    """Return who has just left this browser, once: what they typed is to be removed."""
    return session.pop("left", None) if "left" in session else None


def give_cookie(response: Response, token: str, seconds: int | None) -> Response:
    """Set the cookie of a log-in; with None it lasts until the browser is closed."""
    response.set_cookie(
        current_app.config["LOGIN_COOKIE"],
        token,
        max_age=seconds,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["PST"].is_tls,
        path="/",
    )
    return response


def take_cookie(response: Response) -> Response:
    """Delete the cookie of the log-in."""
    response.delete_cookie(
        current_app.config["LOGIN_COOKIE"],
        path="/",
        httponly=True,
        samesite="Lax",
        secure=current_app.config["PST"].is_tls,
    )
    return response


def status_of_form() -> int:
    """Return the status of a page with a form: 422 when the form was refused."""
    return 422 if request.method == "POST" else 200


def dead_link(again: str) -> ResponseReturnValue:
    """Answer that a mailed link works no more, and where to ask for another."""
    db.session.rollback()
    return page("accounts/dead_link.html", again=url_for(again)), 410
