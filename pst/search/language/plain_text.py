"""Markdown as the plain words a reader sees, for the index and for snippets.

Each pattern reads a character a bounded number of times in any text: it runs on what
users wrote, while others wait.
"""

import re

FENCE = re.compile(r"^[ \t]*(```|~~~).*$", re.M)
IMAGE = re.compile(r"!\[([^\[\]]*)\]\([^)]{0,1000}\)")
LINK = re.compile(r"\[([^\[\]]*)\]\([^)]{0,1000}\)")
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
# The characters of a horizontal rule, or of the line below the head of a table.
RULE = frozenset(" \t:|-")
LINE_START = re.compile(r"^\s{0,3}(?:#{1,6}|>|[-+*](?=\s)|\d{1,3}[.)](?=\s))\s*", re.M)
EMPHASIS = re.compile(r"\*{2,}(?=\S)|(?<=\S)\*{2,}|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")
CELL = re.compile(r" ?\| ?")
ROW_ENDS = re.compile(r"^ \| | \| $", re.M)
SPACE = re.compile(r"[^\S\n]+")
BLANK = re.compile(r"\s*\n\s*")


def plain_text(markdown: str) -> str:
    """Return the text of `markdown` without markup, one line per block or row."""
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
