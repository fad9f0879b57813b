"""What a person typed into a form that could not be taken yet, kept for sending again.

When a log-in has run out or a page has lain open too long, the answer to the POST
carries the text along: nothing typed is lost, also without JavaScript. The form in
which a person logs in again has it in one field, compressed and signed, so that it
passes where a stranger may send only little. Only for requests that come from our own
pages.
"""

import zlib
from dataclasses import dataclass
from functools import cached_property

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer

from pst.web.responses import safe_next

NEVER_HELD = frozenset({"csrf_token", "password", "current", "code", "next"})
SEALED = "held"
# The front server takes 64 KB in a log-in form; what is longer waits in its own page.
MAX_SEALED_LENGTH = 48 * 1024
# Fields of words: what stands in them is missed even when it is short.
WORDS = frozenset({"body", "note", "resolution", "unanswered", "comment"})


@dataclass(frozen=True)
class HeldForm:
    """The address a form was sent to, and its fields."""

    action: str
    fields: list[tuple[str, str]]
    # Names of files that were sent along: these are not kept, and the page says so.
    files: tuple[str, ...] = ()

    @property
    def texts(self) -> list[str]:
        """What a person would miss: the longer texts, and all that is words."""
        own = [
            text
            for name, text in self.fields
            if name not in ("key", SEALED)
            and (len(text) > 20 or (name in WORDS and text.strip()))
        ]
        inner = _opened(dict(self.fields).get(SEALED, ""))
        return own + (inner.texts if inner else [])

    @cached_property
    def sealed(self) -> str:
        """Return it all as the value of one field."""
        return _sealing().dumps([self.action, self.fields, self.files])

    @property
    def fits_log_in(self) -> bool:
        """Return whether a log-in form can carry it."""
        return len(self.sealed) <= MAX_SEALED_LENGTH


def from_request(even_empty: bool = False, is_proven: bool = False) -> HeldForm | None:
    """Take along what was sent now, if it came from a page of ours.

    A button that sends nothing is worth holding only when `even_empty`; a form whose
    token was checked `is_proven` to be ours.
    """
    if request.method != "POST" or not (is_proven or is_our_own()):
        return None
    fields = [
        (name, text)
        for name, text in request.form.items(multi=True)
        if name not in NEVER_HELD and "password" not in name
    ]
    files = tuple(
        file.filename for file in request.files.getlist("files") if file.filename
    )
    if not (fields or files or even_empty):
        return None
    return HeldForm(request.full_path.rstrip("?"), fields, files)


def from_form() -> HeldForm | None:
    """Return what an earlier answer put into the log-in form."""
    return _opened(request.form.get(SEALED, ""))


def _opened(token: str) -> HeldForm | None:
    try:
        action, fields, files = _sealing().loads(token)
    except (BadData, ValueError, zlib.error):
        return None
    action = safe_next(action, "")
    form = HeldForm(action, [(name, text) for name, text in fields], tuple(files))
    return form if action else None


def _sealing() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["PST"].secret_key, "resubmission")


def is_our_own() -> bool:
    """Return whether the browser vouches that a page of ours sent this request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return f"{origin}/".startswith(request.host_url)
