"""One table of cases: what of a text is an address, and where it leads."""

import re

import pytest

from pst.knowledge.article import markup
from pst.text.web_addresses import linked, split

BPS = "https://bps.go.id"
CASES: list[tuple[str, list[tuple[str, str]]]] = [
    # text, what is shown as a link and where it leads
    ("tanpa alamat", []),
    (BPS, [(BPS, BPS)]),
    ("Https://Bps.go.id/A", [("Https://Bps.go.id/A", "https://Bps.go.id/A")]),
    ("HTTP://bps.go.id", [("HTTP://bps.go.id", "http://bps.go.id")]),
    ("www.bps.go.id", [("www.bps.go.id", "https://www.bps.go.id")]),
    ("WWW.BPS.GO.ID", [("WWW.BPS.GO.ID", "https://WWW.BPS.GO.ID")]),
    *[
        (f"Lihat {BPS}/a{mark} Lalu", [(f"{BPS}/a", f"{BPS}/a")])
        for mark in (".", ",", ":", ";", "!", "?", "?!", "…", "'", '"', "”", "*", ")")
    ],
    (f"{BPS}/a?b=1&c=2#d!", [(f"{BPS}/a?b=1&c=2#d", f"{BPS}/a?b=1&c=2#d")]),
    (f"{BPS}/a!b?c,d", [(f"{BPS}/a!b?c,d", f"{BPS}/a!b?c,d")]),
    (f"{BPS}/a/", [(f"{BPS}/a/", f"{BPS}/a/")]),
    (f"({BPS}/a)", [(f"{BPS}/a", f"{BPS}/a")]),
    (f"({BPS}/a_(b)).", [(f"{BPS}/a_(b)", f"{BPS}/a_(b)")]),
    (f"[{BPS}/a]", [(f"{BPS}/a", f"{BPS}/a")]),
    (f"<{BPS}/a>", [(f"{BPS}/a", f"{BPS}/a")]),
    (f"“{BPS}/a”", [(f"{BPS}/a", f"{BPS}/a")]),
    *[
        (f"{BPS}/a{mark}{BPS}/b", [(f"{BPS}/a", f"{BPS}/a"), (f"{BPS}/b", f"{BPS}/b")])
        for mark in (",", ";", ", ", " ", "\n", "\t", "|", ",\u200b")
    ],
    (
        f"{BPS},www.jateng.go.id,HTTPS://a.id",
        [
            (BPS, BPS),
            ("www.jateng.go.id", "https://www.jateng.go.id"),
            ("HTTPS://a.id", "https://a.id"),
        ],
    ),
    (f"https://arsip.test/{BPS}", [(f"https://arsip.test/{BPS}",) * 2]),
    (f"Tabel:{BPS}", [(BPS, BPS)]),
    (f"{BPS}\u200b dan", [(BPS, BPS)]),
    (f"{BPS}\u202egpj.exe", [(BPS, BPS)]),
    ("pst@bps.go.id.", [("pst@bps.go.id", "mailto:pst@bps.go.id")]),
    ("https://", []),
    ("https://.", []),
    ("www.", []),
    ("www.a", []),
    ("xhttps://bps.go.id", []),
    ("javascript:alert(1)", []),
    ("ftp://bps.go.id", []),
    ("a@b", []),
    ("@nama, 5 @ 1.000", []),
]


@pytest.mark.parametrize(("text", "links"), CASES)
def test_addresses_are_found_with_their_targets(text, links):
    pieces = list(split(text))

    assert [piece for piece in pieces if piece[1]] == links
    assert "".join(piece for piece, _ in pieces) == text


@pytest.mark.parametrize("text", [f"{BPS}/{'a' * 20_000}", "@" * 20_000, "www." * 5000])
def test_a_hostile_text_comes_out_whole(text):
    assert "".join(piece for piece, _ in split(text)) == text


def test_what_is_linked_is_escaped():
    assert linked(f"<b> {BPS}/?a=1&b='x'!") == (
        f'&lt;b&gt; <a href="{BPS}/?a=1&amp;b=&#39;x" rel="nofollow noopener">'
        f"{BPS}/?a=1&amp;b=&#39;x</a>&#39;!"
    )


@pytest.mark.parametrize(
    ("text", "links"), [case for case in CASES if case[1] and "<" not in case[0]]
)
def test_an_article_has_the_same_links(text, links):
    targets = re.findall(r'<a href="([^"]*)"', markup.html(text))

    assert [target.replace("&amp;", "&") for target in targets] == [
        target for _, target in links
    ]


def test_an_article_links_nothing_in_code_or_in_a_link():
    shown = markup.html(f"`{BPS}` [{BPS}](https://a.test)\n\n    {BPS}")

    assert re.findall(r'href="([^"]*)"', shown) == ["https://a.test"]
