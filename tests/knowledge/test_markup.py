"""Markdown becomes harmless HTML and plain words."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pst.knowledge.article.markup import html
from pst.search.language.plain_text import plain_text


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://lain.test/besar.png)",
        '<a href="x" style="position:fixed">',
        "<iframe src=//lain.test>",
    ],
)
def test_nothing_that_acts_comes_out(text: str):
    out = html(text).lower()

    for sign in (
        "<script",
        "<img",
        "<iframe",
        'href="javascript',
        'href="data:',
        '<a href="x',
    ):
        assert sign not in out


def test_tables_headings_and_links_stay():
    out = html("# Judul\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n[BPS](https://bps.go.id)")

    assert "<h2>Judul</h2>" in out
    assert '<td class="num">2</td>' in out
    assert '<a href="https://bps.go.id"' in out


def test_a_picture_of_ours_is_shown():
    assert '<img src="/artikel/berkas/abc/peta.png" alt="Peta"' in html(
        "![Peta](/artikel/berkas/abc/peta.png)"
    )


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200))
def test_any_text_is_rendered(text: str):
    assert "<script" not in html(text)
    plain_text(text)


def test_a_broken_table_does_no_harm():
    assert "a | b" in plain_text("| a | b |\n|---|---|\n| 1 |")
    html("| a | b |\n|---|\n| 1 | 2 | 3 |\n|")


def test_plain_words_have_no_signs():
    words = plain_text(
        "## Judul\n\n**Tebal** dan [tautan](https://x.y), `kode`\n- butir"
    )

    assert words == "Judul\nTebal dan tautan, kode\nbutir"
