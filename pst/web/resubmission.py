"""What a person typed into a form that could not be taken yet, kept for sending again.

When a log-in has run out or a page has lain open too long, the answer to the POST
carries the text along in hidden fields: nothing typed is lost, also without JavaScript.
Only for requests that come from our own pages.
"""

from dataclasses import dataclass

from flask import request

from pst.web.responses import safe_next

NEVER_HELD = frozenset({"csrf_token", "password", "current", "code", "next"})
PREFIX = "held."
# Fields of words: what stands in them is missed even when it is short.
WORDS = frozenset({"body", "note", "catatan", "resolution", "unanswered", "comment"})
FILES = "held-file"


@dataclass(frozen=True)
class Held:
    """The address a form was sent to, and its fields."""

    action: str
    fields: list[tuple[str, str]]
    # Names of files that were sent along: these are not kept, and the page says so.
    files: tuple[str, ...] = ()

    @property
    def texts(self) -> list[str]:
        """What a person would miss: the longer texts, and all that is words."""
        return [
            text
            for name, text in self.fields
            if name != "key" and (len(text) > 20 or (name in WORDS and text.strip()))
        ]


def from_request(even_empty: bool = False, is_proven: bool = False) -> Held | None:
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
    return Held(request.full_path.rstrip("?"), fields, files)


def from_form() -> Held | None:
    """Return what an earlier answer put into the log-in form."""
    action = safe_next(request.form.get(PREFIX + "action"), "")
    fields = [
        (name.removeprefix(PREFIX), text)
        for name, text in request.form.items(multi=True)
        if name.startswith(PREFIX) and name != PREFIX + "action"
    ]
    files = tuple(request.form.getlist(FILES))
    return Held(action, fields, files) if action else None


def is_our_own() -> bool:
    """Return whether the browser vouches that a page of ours sent this request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return f"{origin}/".startswith(request.host_url)
