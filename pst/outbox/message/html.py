"""The HTML part of a mail, made from its text: links with words, a button, two schemes.

In the text a link stands below its words, or behind them, with a colon between; in HTML
the words are the link, and the address follows once, small. Only addresses of our own
pages, and the office's own, become links: what people wrote never does.
"""

import re
from dataclasses import dataclass, field

from flask import current_app, render_template
from markupsafe import Markup

from pst.office import settings
from pst.text import web_addresses
from pst.web.formats import written_text

SIGNATURE = "\n--\n"
WORDS = r"(?P<words>[^\n]{2,60}?)"
BELOW = re.compile(rf"{WORDS}:\n(?P<url>\S+)(?:\n|\Z)")
BEHIND = re.compile(rf"{WORDS}: (?P<url>https?://\S+)(?:\n|\Z)")
BARE = "Buka halaman"
ALIGNED = '<td align="right">'


@dataclass
class Paragraph:
    """Lines of text that belong together."""

    lines: list[Markup] = field(default_factory=list)
    kind = "paragraph"


@dataclass(frozen=True)
class Link:
    """A link with words; the first of a mail is its button."""

    words: str
    url: str
    is_button: bool = False
    kind = "link"


@dataclass(frozen=True)
class PastedTable:
    """A table that was pasted: its rows, or its lines when it is too large."""

    rows: Markup
    text: str
    kind = "sheet"


Block = Paragraph | Link | PastedTable


def render(subject: str, body: str) -> str:
    """Return the HTML part of the mail with this subject and text."""
    text, cut, signature = body.strip("\n").rpartition(SIGNATURE)
    if not cut:
        text, signature = signature, ""
    return render_template(
        "mails/_html.html",
        subject=subject,
        blocks=blocks(text, with_button=True),
        signature=blocks(signature, with_button=False),
    )


def blocks(text: str, with_button: bool) -> list[Block]:
    """Cut `text` into paragraphs and links."""
    parts: list[Block] = []
    for part in written_text.parts(text):
        if isinstance(part, written_text.TextTable):
            parts.append(_sheet(part))
            continue
        for paragraph in part.strip("\n").split("\n\n"):
            if paragraph.strip():
                parts += _parts(paragraph.strip("\n") + "\n")
    links = [block for block in parts if isinstance(block, Link)]
    if with_button and links:
        at = parts.index(links[0])
        parts[at] = Link(links[0].words, links[0].url, is_button=True)
    return parts


def _sheet(table: written_text.TextTable) -> PastedTable:
    if table.is_too_large:
        return PastedTable(Markup(), "\n".join(table.lines))
    return PastedTable(written_text.rows_html(table, linked, ALIGNED), "")


def _parts(text: str) -> list[Block]:
    parts: list[Block] = []
    at = 0
    while at < len(text):
        line, _, _ = text[at:].partition("\n")
        match = BELOW.match(text, at) or BEHIND.match(text, at)
        if match and is_ours(match["url"]):
            parts.append(Link(match["words"], match["url"]))
            at = match.end()
            continue
        if is_ours(line):
            parts.append(Link(BARE, line))
        elif parts and isinstance(parts[-1], Paragraph):
            parts[-1].lines.append(linked(line))
        else:
            parts.append(Paragraph([linked(line)]))
        at += len(line) + 1
    return parts


def is_ours(url: str) -> bool:
    """Return whether `url` is a page of ours, or where the office takes complaints."""
    base = current_app.config["PST"].base_url
    is_page = url == base or url.startswith(f"{base}/")
    is_safe = not re.search(r"[\s<>\"]", url)
    return is_safe and (is_page or url == settings.current().complaint_url)


def linked(line: str) -> Markup:
    """Escape `line` and make the addresses of our own pages links; no others."""
    base = f"{current_app.config['PST'].base_url}/"
    return Markup().join(
        Markup('<a href="{0}">{0}</a>').format(piece)
        if target.startswith(base) and len(target) > len(base)
        else piece
        for piece, target in web_addresses.split(written_text.with_hard_blanks(line))
    )
