"""Plain text from what a source sends: HTML, often escaped twice, with styles in it."""

import re

from pst.text import html_text

MAX_READ = 200_000
BREAKS = html_text.LINES | {"td", "th"}
MARK = re.compile(r"<[a-zA-Z/!]")


def plain(value: object, most: int) -> str:
    """Return the text in `value`, on one line and of at most `most` characters."""
    if value is None or isinstance(value, (dict, list, bool)):
        return ""
    text = html_text.unescaped(str(value)[:MAX_READ])
    if MARK.search(text):
        text = html_text.without_tags(text, BREAKS)
    return shortened(" ".join(_printable(text).split()), most)


def shortened(text: str, most: int) -> str:
    """Return `text` cut at a word, with an ellipsis, when it is too long."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


def _printable(text: str) -> str:
    clean = text.encode("utf-8", "ignore").decode("utf-8").replace("\xad", "")
    return "".join(c if c.isprintable() else " " for c in clean)
