"""What a final answer rests on: the sources named in it, and articles linked in it.

*Sisipkan* puts both into an answer as lines of their own; officers may write them too.
"""

import re
from typing import NamedTuple

from pst.text import web_addresses
from pst.web.responses import link

MAX_SOURCES = 5
MAX_NAME_LENGTH = 200
SOURCE_LINE = re.compile(r"\s*sumber:\s*(\S.*)", re.IGNORECASE)


class AnswerSource(NamedTuple):
    name: str
    address: str


def sources_of(answer: str) -> list[AnswerSource]:
    """Return the sources that the text of an answer names, in its order."""
    articles, before = link("knowledge.show", slug="-").removesuffix("-"), ""
    sources: dict[str, AnswerSource] = {}
    for line in answer.splitlines():
        if match := SOURCE_LINE.fullmatch(line):
            _add(sources, match[1])
        elif before and line.startswith(articles):
            _add(sources, f"{before} {line}")
        before = line.strip()
    return list(sources.values())[:MAX_SOURCES]


def _add(sources: dict[str, AnswerSource], text: str) -> None:
    """Add the words before the first address of `text`, and that; each name once."""
    name, address = text, ""
    for piece, target in web_addresses.split(text):
        if target.startswith("http"):
            name, address = text.partition(piece)[0], target
            break
    name = name.strip(" ,.;–-")[:MAX_NAME_LENGTH] or address
    sources.setdefault(f"{name} {address}", AnswerSource(name, address))
