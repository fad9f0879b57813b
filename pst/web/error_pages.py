"""The pages for requests that are refused or fail.

Each page says in a sentence what happened and what to do, and carries a reference
number that the log has too. No log has what the person wrote; only a page that refuses
a step gives it back, so that it is not lost.
"""

import errno
import logging
import secrets
from urllib.parse import quote

from flask import (
    Flask,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InternalError, OperationalError
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response as BaseResponse

from pst.database import db, engine
from pst.rules import WrongState
from pst.uploads.formats import StoreAway
from pst.web import registered_pages
from pst.web.forms import resubmission
from pst.web.registered_pages import Ways
from pst.web.responses import framed, is_htmx

log = logging.getLogger(__name__)
# The statuses with words of their own (`_explanations.html`).
EXPLAINED = {400, 401, 403, 404, 405, 409, 410, 413, 429, 500, 503}
RETRY_AFTER_S = 5
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}


def init_app(app: Flask) -> None:
    app.register_error_handler(CSRFError, refuse_forged)
    app.register_error_handler(401, ask_to_log_in)
    app.register_error_handler(429, slow_down)
    app.register_error_handler(HTTPException, refuse)
    app.register_error_handler(WrongState, lambda error: explain(409, str(error)))
    for error in (OperationalError, InternalError):
        app.register_error_handler(error, say_busy)
    app.register_error_handler(OSError, say_full)
    app.register_error_handler(StoreAway, lambda error: explain(503, str(error)))
    app.register_error_handler(OverflowError, refuse_number)
    app.register_error_handler(Exception, say_broken)


def explain(status: int, text: str = "", why: str = "") -> Response:
    """Return the page for `status`, to htmx only its sentence; roll back.

    `text` replaces the sentence that usually explains the status, `why` names another
    explanation in `_explanations.html`.
    """
    db.session.rollback()
    if not why:
        is_explained = status in EXPLAINED
        why = str(status if is_explained else 500 if status >= 500 else 400)
    response = make_response(_body(status, why, text), status)
    if is_in_frame():
        framed(response)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    if is_htmx():
        response.headers["HX-Retarget"] = "#status"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def _body(status: int, why: str, text: str) -> str:
    template = "_error.html" if is_htmx() else "error.html"
    if is_in_frame():  # this page asks again by itself, like the one it replaces
        template = "error_bare.html"
    words = {"why": why, "text": text, "status": status, "reference": reference()}
    try:
        return render_template(
            template,
            **words,
            is_framed=is_in_frame(),
            ways=ways_on() if status == 409 else [],
            typed=resubmission.from_request(is_proven=True) if status == 409 else None,
        )
    except Exception:
        # The page asks the database who is signed in, and the database may be broken.
        log.exception("error page %s without its frame", reference())
        # Not by Flask, which looks again who is signed in.
        bare = current_app.jinja_env.get_template("error_bare.html")
        return bare.render(**words)


def is_in_frame() -> bool:
    """Return whether the frame of a conversation asks, in which no script runs."""
    return request.headers.get("Sec-Fetch-Dest") == "iframe"


def ways_on() -> Ways:
    """Return where to go on after a refused step, as titles and addresses."""
    args = request.view_args or {}
    if "token" in args:
        return [("Kembali ke halaman tadi", request.path)]
    if not current_user.is_authenticated:
        return []
    return registered_pages.ways_on(args)


def reference() -> str:
    """Return the number of this request in the log."""
    if "reference" not in g:
        g.reference = secrets.token_hex(4)
    return g.reference


def refuse(error: HTTPException) -> BaseResponse:
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()  # a redirect raised as an exception
    if address := _address_without_slash():
        return redirect(address, 301)
    if (error.code or 500) >= 500:
        log.error("%s %s: %s", reference(), request.endpoint, error)
    return explain(error.code or 500)


def _address_without_slash() -> str:
    """Return the page that was meant by its address with a slash at the end, or ''."""
    is_unknown = isinstance(request.routing_exception, NotFound)
    if not is_unknown or request.method not in ("GET", "HEAD"):
        return ""
    path = f"/{request.path.strip('/')}"  # two at the beginning would name a host
    adapter = current_app.create_url_adapter(request)
    if path == request.path or adapter is None or not adapter.test(path, "GET"):
        return ""
    query = request.query_string.decode("latin-1")
    return quote(path) + (f"?{query}" if query else "")


def slow_down(error: HTTPException) -> BaseResponse:
    """Refuse a request that comes too often; give its text back to be sent later."""
    if error.response is not None:
        return error.get_response()
    fields = resubmission.from_request()
    if fields is None or not fields.texts or is_htmx():
        return explain(429)
    return make_response(render_template("held.html", held=fields, why="often"), 429)


def refuse_forged(error: CSRFError) -> BaseResponse:
    """Refuse a form without our token; give back the text if the page was ours.

    When the log-in has ended too, that is what keeps the form from being taken.
    """
    if why := _already_out():
        return explain(400, why=why)
    if _needs_log_in():
        return ask_to_log_in(error)
    fields = resubmission.from_request()
    if fields is None or is_htmx():
        return explain(
            400,
            "Formulir ini sudah terlalu lama terbuka atau bukan dari halaman kami."
            " Tidak ada yang diubah. Muat ulang halaman, lalu coba lagi.",
        )
    return make_response(render_template("held.html", held=fields, why="stale"), 400)


def ask_to_log_in(error: HTTPException) -> BaseResponse:
    if why := _already_out():
        return explain(401, why=why)
    if is_htmx():
        return explain(401)
    if is_in_frame():
        return framed(make_response(render_template("session_over.html"), 401))
    if request.method in ("GET", "HEAD"):
        return redirect(
            url_for(
                registered_pages.endpoint_of("log_in"),
                next=request.full_path.rstrip("?"),
            )
        )
    fields = resubmission.from_request()
    if fields is None:
        return explain(401)
    return make_response(
        render_template("held.html", held=fields, why="signed_out"), 401
    )


def _already_out() -> str:
    """Return why a form that ends the log-in comes without one; else nothing."""
    view = current_app.view_functions.get(request.endpoint or "")
    if current_user.is_authenticated:
        return ""
    return getattr(view, "ends_log_in", "")


def _needs_log_in() -> bool:
    """Return whether a page of ours asks for what only the signed-in may do."""
    view = current_app.view_functions.get(request.endpoint or "")
    is_open = getattr(view, "roles", None) is None
    if is_open or current_user.is_authenticated:
        return False
    return is_htmx() or resubmission.is_our_own()


def say_busy(error: OperationalError | InternalError) -> Response:
    log.error("%s %s: %s", reference(), request.endpoint, error.orig)
    cause = error.orig or error
    if engine().is_not_writable(cause):
        return explain(503, why="nothing_stored")
    return explain(503 if engine().is_passing(cause) else 500)


def say_full(error: OSError) -> Response:
    """Answer that nothing can be stored; any other trouble with a file is a defect."""
    if error.errno not in NO_ROOM:
        return say_broken(error)
    log.error("%s %s: %s", reference(), request.endpoint, error.strerror)
    return explain(503, why="nothing_stored")


def refuse_number(error: OverflowError) -> Response:
    """Answer 404 for a number or a date larger than any that the database stores."""
    log.warning("%s %s: %s", reference(), request.endpoint, error)
    return explain(404)


def say_broken(error: Exception) -> Response:
    log.exception("%s %s failed", reference(), request.endpoint)
    return explain(500)
