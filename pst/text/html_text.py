"""The text of HTML that may be escaped more than once, as public lists have it."""

import re
from html import unescape
from html.parser import HTMLParser

MAX_UNESCAPES = 5
LINES = frozenset(["br", "p", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3"])
SILENT = frozenset(["script", "style", "head", "title", "template"])
SPACE = re.compile(r"[^\S\n]+")
BLANK = re.compile(r" ?\n\s*")
TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,2000}>")


class _Text(HTMLParser):
    """Gathers the text between the tags."""

    def __init__(self, lines: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent, self.lines = 0, lines

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in SILENT:
            self.silent += 1
        elif tag in self.lines:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in self.lines:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def unescaped(text: str) -> str:
    """Return `text` unescaped until nothing changes."""
    for _ in range(MAX_UNESCAPES):
        plain = unescape(text)
        if plain == text:
            break
        text = plain
    return text


def has_markup(text: str) -> bool:
    """Return whether there are tags in `text`, escaped or not."""
    return TAG.search(unescaped(text)) is not None


def without_tags(text: str, lines: frozenset[str] = LINES) -> str:
    """Return `text` without its tags; each of `lines` begins and ends a line."""
    parser = _Text(lines)
    parser.feed(text)
    parser.close()
    return "".join(parser.parts)


def text_of(markup: str) -> str:
    """Return the text of `markup`, a line for each block, without tags."""
    text = unescaped(markup)
    if TAG.search(text):
        text = without_tags(text)
    text = text.replace("\xa0", " ").replace("\r", "\n").replace("\0", "")
    return BLANK.sub("\n", SPACE.sub(" ", text)).strip()
