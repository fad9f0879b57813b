"""How a view answers: whole page or fragment, 303 or 204, and the security headers."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import (
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
)
from werkzeug.routing import Map, MapAdapter
from werkzeug.wrappers import Response as BaseResponse

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# What a page says after a form was stored.
SAVED = "Perubahan tersimpan."
IN_NO_FRAME = "frame-ancestors 'none'"
DOCUMENT_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(),"
        " usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    # For browsers that do not know frame-ancestors.
    "X-Frame-Options": "DENY",
}


FRAME_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY.replace(
        IN_NO_FRAME, "frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
}


def page(
    template: str, part: str | None = None, status: int = 200, **context: Any
) -> Response:
    """Render `template`, or only the fragment `part` of it when htmx asks."""
    whole = part is None or not is_fragment_wanted()
    name = template if whole or part is None else part
    response = make_response(render_template(name, **context), status)
    if part is not None:
        response.vary.add("HX-Request")
    return response


def is_htmx(environ: Mapping[str, Any] | None = None) -> bool:
    """Return whether htmx sent this request, or the one that `environ` describes."""
    headers = request.environ if environ is None else environ
    return str(headers.get("HTTP_HX_REQUEST")).lower() == "true"


def is_fragment_wanted() -> bool:
    """Return whether htmx asks for a part; restored history needs the whole page."""
    return bool(
        is_htmx()
        and request.headers.get("HX-Request-Type") != "full"
        and "HX-History-Restore-Request" not in request.headers
    )


def framing(response: Response) -> Response:
    """Let a page have frames, of ours alone; only those without scripts need them."""
    policy = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    response.headers["Content-Security-Policy"] = policy
    return response


def framed(response: Response) -> Response:
    """Let pages of ours, and no others, show this one in a frame."""
    for name, text in FRAME_HEADERS.items():
        response.headers[name] = text
    return response


def fragment(template: str, ptag: object = None, **context: Any) -> Response:
    """Render a fragment that only htmx asks for."""
    response = make_response(render_template(template, **context))
    if ptag is not None:
        response.headers["HX-PTag"] = str(ptag)
    response.headers["Cache-Control"] = "no-store"
    return response


def done(location: str, event: str | None = None) -> BaseResponse:
    """Answer a successful POST: tell htmx what happened, send a browser on.

    Without an `event` htmx too is sent to `location`, as a full page.
    """
    if not is_htmx():
        return redirect(location, code=303)
    response = Response(status=204)
    if event is None:
        response.headers["HX-Redirect"] = location
    else:
        response.headers["HX-Trigger"] = event
    return response


def link(endpoint: str, **values: Any) -> str:
    """Build a whole address for a mail, also where there is no request."""
    addresses = _addresses(current_app.url_map, current_app.config["PST"].base_url)
    return addresses.build(endpoint, values, force_external=True)


@lru_cache(maxsize=2)
def _addresses(of: Map, base_url: str) -> MapAdapter:
    base = urlsplit(base_url)
    return of.bind(base.netloc, script_name=base.path or "/", url_scheme=base.scheme)


def with_query(path: str, **changed: object) -> str:
    """Write `path` with the query of this request, some of it `changed`.

    Not `url_for` with the query as keywords: `_scheme` and its like would be obeyed.
    """
    pairs = {**request.args.to_dict(), **changed}
    return f"{path}?{urlencode(pairs)}" if pairs else path


def address_of_form() -> str:
    """Return where the form that was sent now stands; "" when it has another address.

    A page that answers a POST is no address to come back to: browsers ask whether to
    send the form again.
    """
    adapter = current_app.create_url_adapter(request)
    path = request.full_path.rstrip("?")
    return path if adapter and adapter.test(method="GET") else ""


def safe_next(target: str | None, otherwise: str) -> str:
    """Follow `target` only when it is a path of ours."""
    if (
        target
        and target.startswith("/")
        and not target.startswith(("//", "/\\"))
        and "\\" not in target
        and not any(ord(c) < 33 for c in target)
    ):
        return target
    return otherwise


def add_headers(response: Response) -> Response:
    """Put the security headers on documents; an idle poll's 304 stays bare."""
    if response.status_code in (204, 304):
        return response
    if is_htmx() and "HX-Boosted" not in request.headers:
        # Part of a document that has its headers; only a script can ask like this.
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Cache-Control", "no-store")
        return response
    own = {name.lower() for name, _ in response.headers}
    response.headers.extend(
        (name, value)
        for name, value in DOCUMENT_HEADERS.items()
        if name.lower() not in own
    )
    if current_app.config["PST"].is_tls:
        response.headers.setdefault(
            "Strict-Transport-Security", "max-age=31536000; includeSubDomains"
        )
    # What we answer may be personal; a proxy or a shared PC keeps none of it. What may
    # be kept says so.
    response.headers.setdefault("Cache-Control", "no-store, private")
    return response
