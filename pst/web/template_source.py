"""How templates are compiled: without the layout of their markup, with shared globals.

Readers never get to see the layout, and each page would carry it. Every line keeps its
number, so that errors name the right one; the text of a mail is as its template has it.
"""

import re
from collections.abc import MutableMapping
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2.ext import Extension

JINJA = r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}"
TAG = re.compile(rf"</?[a-zA-Z](?:{JINJA}|[^<>])*>", re.DOTALL)
# What Jinja writes in a tag, or a line's end there, with the indentation of the next.
IN_TAG = re.compile(rf"({JINJA})|\s*\n\s*(>?)", re.DOTALL)
# Elements at whose edges browsers drop white space.
EDGES = "p|li|h[1-6]|option|button|td|th|dt|dd|title|summary|legend|caption"
AT_EDGE = re.compile(
    rf"(<(?:{EDGES})\b(?:{JINJA}|[^<>])*>)\s*\n\s*|\s*\n\s*(?=</(?:{EDGES})>)",
    re.DOTALL,
)
# Words that go on in the next line, or what Jinja writes among them.
IN_WORDS = re.compile(
    rf"({JINJA})|(?<![%#]\}})(?<=[^\s>])\s*\n\s*(?=[^\s<{{]|\{{\{{)()", re.DOTALL
)
# After a tag of Jinja's, which takes the line's end with it, a space parts two words.
INDENTATION = re.compile(r"(?<=\n)(?<![%#]\}\n)[ \t]+|(?<=[%#]\}\n)[ \t]+(?=[ \t])")


def _comment_of(text: str) -> str:
    """Return a comment of as many lines, so that the next ones keep their numbers."""
    return "{#" + "\n" * text.count("\n") + "#}"


def _join(match: re.Match[str]) -> str:
    if match[1]:
        return match[1]
    return _comment_of(match[0]) + ">" if match[2] else " " + _comment_of(match[0])


def _trim(match: re.Match[str]) -> str:
    tag = match[1] or ""
    return tag + _comment_of(match[0][len(tag) :])


class Unindented(Extension):
    """Read HTML templates with tags and sentences on one line, not indented."""

    def preprocess(
        self, source: str, name: str | None, filename: str | None = None
    ) -> str:
        if (name or "").endswith(".txt"):
            return source
        text = TAG.sub(lambda tag: IN_TAG.sub(_join, tag[0]), source)
        words = IN_WORDS.sub(_join, AT_EDGE.sub(_trim, text))
        return INDENTATION.sub("", words)


class SharedGlobals(Environment):
    """An environment whose templates read its globals themselves, not through a chain.

    Each include and each import of macros copies them or compares their names.
    """

    def make_globals(
        self, d: MutableMapping[str, Any] | None
    ) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


def init_app(app: Flask) -> None:
    app.jinja_environment = SharedGlobals
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.add_extension(Unindented)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
