"""Where addresses stand in a text: the one recogniser of links, for all pages."""

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

from pst.text.visible import UNSEEN

# A cheap look before the careful one: most texts have no address.
HINT = re.compile(r"://|www\.|@", re.IGNORECASE)
ADDRESS = re.compile(
    # One after a comma or semicolon is a second address; blanks, quotes, angles and
    # characters that show nothing end one.
    rf"(?<![\w.@/-])(?P<web>(?:https?://[\w\[]|www\.\w)"
    rf"(?:(?![,;|](?:https?://|www\.))[^\s<>\"`“”«»„{UNSEEN}])*)"
    r"|(?<![\w.+@/:-])(?P<mail>[\w+-][\w.+-]{0,63}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24})"
    r"(?![\w@-])",
    re.IGNORECASE,
)
SCHEME = re.compile(r"https?://", re.IGNORECASE)
# What ends a sentence, a quotation or an emphasis rather than an address.
TRAILING = ".,:;!?'’*_~…|\\"
BRACKETS = {")": "(", "]": "[", "}": "{"}


def split(text: str) -> Iterator[tuple[str, str]]:
    """Cut `text` into pieces, each with the address that it links to, or ''."""
    end = 0
    if HINT.search(text):
        for match in ADDRESS.finditer(text):
            address = match["mail"] or _without_trailing(match["web"])
            if not (target := _target(address, is_mail=match["mail"] is not None)):
                continue
            yield text[end : match.start()], ""
            yield address, target
            end = match.start() + len(address)
    yield text[end:], ""


def linked(text: str) -> Markup:
    """Escape `text` and make its addresses links."""
    if not HINT.search(text):
        return escape(text)
    link = Markup('<a href="{}" rel="nofollow noopener">{}</a>')
    return Markup().join(
        link.format(target, piece) if target else piece for piece, target in split(text)
    )


def _without_trailing(address: str) -> str:
    """Leave out marks at the end; a closing bracket stays with its opening one."""
    end = len(address)
    unmatched = {
        close: address.count(close) - address.count(opening)
        for close, opening in BRACKETS.items()
    }
    while end and (
        address[end - 1] in TRAILING or unmatched.get(address[end - 1], 0) > 0
    ):
        end -= 1
        if address[end] in unmatched:
            unmatched[address[end]] -= 1
    return address[:end]


def _target(label: str, *, is_mail: bool) -> str:
    if is_mail:
        return f"mailto:{label}"
    if scheme := SCHEME.match(label):
        rest = label[scheme.end() :]
        return f"{scheme[0].lower()}{rest}" if rest else ""
    return f"https://{label}" if "." in label[4:].strip(".") else ""
