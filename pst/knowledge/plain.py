"""Markdown as the plain words a reader sees, for the index and for passages."""

import re

FENCE = re.compile(r"^\s*(```|~~~).*$", re.M)
IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
RULE = re.compile(r"^\s*\|?[\s:|-]*-{3,}[\s:|-]*$", re.M)
LINE_START = re.compile(r"^\s{0,3}(?:#{1,6}|>|[-+*](?=\s)|\d{1,3}[.)](?=\s))\s*", re.M)
EMPHASIS = re.compile(r"\*{2,}(?=\S)|(?<=\S)\*{2,}|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")
CELL = re.compile(r"[ \t]*\|[ \t]*")
ROW_ENDS = re.compile(r"^ \| | \| $", re.M)
SPACE = re.compile(r"[ \t\r\f\v]+")
BLANK = re.compile(r"\s*\n\s*")


def plain(markdown: str) -> str:
    """The text of `markdown` without its signs; one line for each block or row."""
    text = markdown
    if any(sign in text for sign in "*_`[<#|>~-+.)"):
        text = FENCE.sub("", text)
        text = LINK.sub(r"\1", IMAGE.sub(r"\1", text))
        text = TAG.sub(" ", text)
        text = RULE.sub("", text)
        text = LINE_START.sub("", text)
        text = EMPHASIS.sub("", text).replace("`", "")
        if "|" in text:
            text = ROW_ENDS.sub("", CELL.sub(" | ", text))
    return BLANK.sub("\n", SPACE.sub(" ", text)).strip()
