"""Who may talk to us at all: pages of our own, under our own name.

The browser vouches for where a request comes from (`Sec-Fetch-Site`); what another site
sends is refused before the user is read. Form tokens guard the same door again, and
alone where a browser says nothing.
"""

from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.wrappers import Response

from pst.config import Config
from pst.web.error_pages import explain
from pst.web.request_limits import MAX_PARTS

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
EMBEDS = ("object", "embed", "iframe", "frame")


def init_app(app: Flask) -> None:
    app.config["TRUSTED_HOSTS"] = trusted_hosts(app.config["PST"])
    app.before_request(refuse_other_sites)
    app.before_request(bound_form)


def trusted_hosts(config: Config) -> list[str]:
    """Return the names we answer to: that of `PST_BASE_URL`, and this machine's own."""
    return [urlsplit(config.base_url).hostname or "", *LOOPBACK]


def refuse_other_sites() -> Response | None:
    """Let other sites link to us, and nothing else."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if site in ("same-origin", "none") or _is_followed_link():
        return None
    return explain(
        403,
        "Permintaan ini datang dari situs lain, jadi tidak kami layani. Buka halaman"
        " kami langsung, lalu coba lagi.",
    )


def bound_form() -> None:
    """Read no more parts of a form than its sender may send (`request_limits`)."""
    if MAX_PARTS in request.environ:
        request.max_form_parts = request.environ[MAX_PARTS]


def _is_followed_link() -> bool:
    return (
        request.method in ("GET", "HEAD")
        and request.headers.get("Sec-Fetch-Mode") == "navigate"
        and request.headers.get("Sec-Fetch-Dest", "document") not in EMBEDS
    )
