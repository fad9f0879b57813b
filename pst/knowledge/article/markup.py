"""Markdown rendered as harmless HTML."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup, escape

from pst.text import web_addresses
from pst.web.assets import Picture

LENGTH_READ = 100_000
# A preview shows a text with more markup than any text needs as it is typed.
PREVIEW_LENGTH, MAX_MARKUP = 50_000, 12_000
MARKUP = re.compile(r"[\[\]!*_`<>|~\n]")
PHONE_WIDTH = 480
OUR_FILES = "/artikel/berkas/"
SIMPLE_TAGS = ["p", "br", "hr", "h2", "h3", "h4", "blockquote", "pre", "div"]
SIMPLE_TAGS += ["code", "em", "strong", "s", "a", "img", "ul", "ol", "li"]
TABLE_TAGS = ["table", "thead", "tbody", "tr", "th", "td"]
TAGS = {*SIMPLE_TAGS, *TABLE_TAGS}
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "div": {"tabindex"},
    "pre": {"tabindex"},
}
ATTRIBUTES["img"] = {"src", "alt", "loading", "width", "height"}

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(
    ["table", "strikethrough"]
)


def _picture(self: RendererHTML, tokens: Any, at: int, options: Any, env: Any) -> str:
    """Show our own pictures only: a foreign server would learn who reads what."""
    source, words = tokens[at].attrGet("src") or "", escape(tokens[at].content)
    if (picture := env["pictures"].get(source)) is not None:
        return _own_picture(picture, words)
    if source.startswith(OUR_FILES):
        return f'<img src="{escape(source)}" alt="{words}" loading="lazy">'
    return str(words)


def _own_picture(picture: Picture, words: str) -> str:
    """Show a picture in its size; one too wide for a phone links to itself."""
    size = f'width="{picture.width}" height="{picture.height}"'
    image = f'<img src="{picture.address}" alt="{words}" {size} loading="lazy">'
    is_wide = picture.width > PHONE_WIDTH
    return f'<a href="{picture.address}">{image}</a>' if is_wide else image


def _link_addresses(state: StateCore) -> None:
    """Turn addresses into links as conversations do, except in links and code."""
    for block in state.tokens:
        if block.children and web_addresses.HINT.search(block.content):
            block.children = list(_with_links(block.children))


def _with_links(tokens: list[Token]) -> Iterator[Token]:
    depth = 0
    for token in tokens:
        depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type != "text" or depth:
            yield token
            continue
        for piece, target in web_addresses.split(token.content):
            if target:
                yield Token("link_open", "a", 1, attrs={"href": target})
            yield Token("text", "", 0, content=piece)
            if target:
                yield Token("link_close", "a", -1)


_parser.add_render_rule("image", _picture)
_parser.core.ruler.push("addresses", _link_addresses)


@lru_cache(maxsize=100)
def kept_html(text: str) -> Markup:
    """Return the HTML of a published text, rendered once for many readers."""
    return html(text)


def preview_html(text: str) -> Markup:
    """Return the HTML of an unfinished text, such as that of a refused form."""
    text = text[:PREVIEW_LENGTH]
    if len(MARKUP.findall(text)) > MAX_MARKUP:
        return Markup('<pre tabindex="0">{}</pre>').format(text)
    return html(text)


def html(text: str, pictures: dict[str, Picture] | None = None) -> Markup:
    """Return `text` as HTML without scripts, styles or foreign pictures.

    `pictures` are the service's own, by the address used in `text`.
    """
    rendered = _parser.render(text[:LENGTH_READ], {"pictures": pictures or {}})
    for level, below in ((3, 4), (2, 3), (1, 2)):  # the page has the h1
        rendered = rendered.replace(f"<h{level}>", f"<h{below}>")
        rendered = rendered.replace(f"</h{level}>", f"</h{below}>")
    rendered = rendered.replace(' style="text-align:right"', ' class="num"')
    rendered = rendered.replace("<table>", '<div class="scroll" tabindex="0"><table>')
    rendered = rendered.replace("</table>", "</table></div>")
    # What scrolls must be reachable by keyboard.
    rendered = rendered.replace("<pre>", '<pre tabindex="0">')
    return Markup(
        nh3.clean(
            rendered,
            tags=TAGS,
            attributes=ATTRIBUTES,
            allowed_classes={"td": {"num"}, "th": {"num"}, "div": {"scroll"}},
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel="noopener nofollow",
        )
    )
