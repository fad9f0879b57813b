"""Plain text from what a source sends: HTML, often escaped twice, with styles in it."""

import html
import re
from html.parser import HTMLParser

MAX_ROUNDS = 5
MAX_READ = 200_000
SILENT = frozenset(["style", "script", "head", "title"])
BREAKS = frozenset(
    ["p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "td", "th"]
)
MARK = re.compile(r"<[a-zA-Z/!]")


def plain(value: object, most: int) -> str:
    """Return the text in `value`, on one line and of at most `most` characters."""
    if value is None or isinstance(value, (dict, list, bool)):
        return ""
    text = str(value)[:MAX_READ]
    for _ in range(MAX_ROUNDS):
        unescaped = html.unescape(text)
        if unescaped == text:
            break
        text = unescaped
    if MARK.search(text):
        text = _without_marks(text)
    return shortened(" ".join(_printable(text).split()), most)


def shortened(text: str, most: int) -> str:
    """Return `text` cut at a word, with an ellipsis, when it is too long."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


class _Reader(HTMLParser):
    """Collects the text of a document, without that of styles and scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._silent += tag in SILENT
        if tag in BREAKS:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in SILENT))
        if tag in BREAKS:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def _without_marks(text: str) -> str:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return "".join(reader.parts)


def _printable(text: str) -> str:
    clean = text.encode("utf-8", "ignore").decode("utf-8").replace("\xad", "")
    return "".join(c if c.isprintable() else " " for c in clean)
