"""Markdown as the plain words a reader sees, for the index and for snippets.

Each pattern looks at a character a bounded number of times, whatever stands there: it
runs on whatever somebody has written, while others wait.
"""

import re

FENCE = re.compile(r"^[ \t]*(```|~~~).*$", re.M)
IMAGE = re.compile(r"!\[([^\[\]]*)\]\([^)]{0,1000}\)")
LINK = re.compile(r"\[([^\[\]]*)\]\([^)]{0,1000}\)")
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
# All that a line across, or the one below the heads of a table, is made of.
RULE = frozenset(" \t:|-")
LINE_START = re.compile(r"^\s{0,3}(?:#{1,6}|>|[-+*](?=\s)|\d{1,3}[.)](?=\s))\s*", re.M)
EMPHASIS = re.compile(r"\*{2,}(?=\S)|(?<=\S)\*{2,}|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")
CELL = re.compile(r" ?\| ?")
ROW_ENDS = re.compile(r"^ \| | \| $", re.M)
SPACE = re.compile(r"[^\S\n]+")
BLANK = re.compile(r"\s*\n\s*")


def plain_text(markdown: str) -> str:
    """The text of `markdown` without its signs; one line for each block or row."""
    text = markdown
    if any(sign in text for sign in "*_`[<#|>~-+.)"):
        text = FENCE.sub("", text)
        text = LINK.sub(r"\1", IMAGE.sub(r"\1", text))
        text = TAG.sub(" ", text)
        text = "\n".join("" if _is_rule(line) else line for line in text.split("\n"))
        text = LINE_START.sub("", text)
        text = EMPHASIS.sub("", text).replace("`", "")
        if "|" in text:
            text = ROW_ENDS.sub("", CELL.sub(" | ", SPACE.sub(" ", text)))
    return BLANK.sub("\n", SPACE.sub(" ", text)).strip()


def _is_rule(line: str) -> bool:
    return "---" in line and RULE.issuperset(line)
