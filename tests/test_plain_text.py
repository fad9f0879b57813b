"""What was pasted from a spreadsheet is shown as a table, and whole."""

import re
from html import unescape

import pytest

from pst.web.formats import written_text
from pst.web.formats.written_text import (
    MAX_CELLS,
    MAX_COLUMNS,
    TextTable,
    aligned,
    html,
    markdown,
)
from pst.web.forms.fields import tidy_lines
from tests.steps import cells

TABLE = "\t2022\t2023\t2024\r\nWanadadi\t33.000\t\t33.900\r\nPagentan\t\t1,5\t-\r\n"


def tables(text: str) -> list[list[list[str]]]:
    return [
        part.rows for part in written_text.parts(text) if isinstance(part, TextTable)
    ]


CASES = {
    "kept empty cells": ("a\t33\t\t34", [[["a", "33", "", "34"]]]),
    "at the end": ("a\t1\t\t\nb\t2\t\t3", [[["a", "1", "", ""], ["b", "2", "", "3"]]]),
    "an empty corner": ("\t2023\na\t1", [[["", "2023"], ["a", "1"]]]),
    "two tables": ("a\t1\n\nb\t2", [[["a", "1"]], [["b", "2"]]]),
    "indentation alone": ("\tsatu\n\t\tdua", []),
    "indentation before a table": (
        "Daftar:\n\tsatu\na\t1",
        [[["", "satu"], ["a", "1"]]],
    ),
    "a numbered list": ("1.\tsatu\n2)\tdua\n(a)\ttiga\nIV.\tempat", []),
    "a list with dots": ("•\tsatu\n-\tdua", []),
    "a numbered table": (
        "1.\tsatu\t10\n2.\tdua\t20",
        [[["1.", "satu", "10"], ["2.", "dua", "20"]]],
    ),
    "a cell of two lines": (
        'Kec.\t"Jumlah\npenduduk"\t2024\na\t1\t2',
        [[["Kec.", "Jumlah\npenduduk", "2024"], ["a", "1", "2"]]],
    ),
    "two such cells": (
        '"a\nb"\t"c\n""d"""\t1',
        [[["a\nb", 'c\n"d"', "1"]]],
    ),
    "a quotation": ('"Tanpa tab,\nhanya kutipan."', []),
    "a quotation never closed": ('a\t"b\nc\t1', [[["a", '"b'], ["c", "1"]]]),
    "inches": ('a\t5"\nb\t7"', [[["a", '5"'], ["b", '7"']]]),
    "no tab": ("a  b\n  c", []),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_lines_with_tabs_are_tables(text, expected):
    assert tables(text) == expected


def test_a_pasted_table_is_shown_with_its_empty_cells_and_figures_to_the_right():
    markup = html(tidy_lines(f"Mohon cek:\r\n\r\n{TABLE}Terima kasih.  Salam") or "")

    assert cells(markup) == [
        ["", "2022", "2023", "2024"],
        ["Wanadadi", "33.000", "", "33.900"],
        ["Pagentan", "", "1,5", "-"],
    ]
    assert markup.count('<td class="num">') == 9
    assert markup.startswith('Mohon cek:\n<div class="scroll pasted" tabindex="0"')
    assert markup.endswith("</div>Terima kasih.  Salam")


@pytest.mark.parametrize(
    ("cell", "is_figure"),
    [
        *((c, True) for c in ("33.000", "33 000", "-1,5", "12%", "(12)", "Rp 5.000")),
        *((c, True) for c in ("−3", "2023", "1.234,5*", "Rp. 7", "US$ 3", " 5 ")),
        *((c, False) for c in ("", "a", "5 km", "2023/2024", "x", "1a", "Desa 5", "-")),
    ],
)
def test_figures_are_known(cell, is_figure):
    table = TextTable([f"a\tb\tc\nd\tkata\t{cell}"])
    assert table.is_figure(["a", "kata", cell], 2) is is_figure


def test_what_is_in_a_cell_is_escaped_and_linked():
    markup = html("<b>\t<script>x</script>\nwww.bps.go.id\t&amp;")

    assert "<script" not in markup and "<b>" not in markup
    assert '<td><a href="https://www.bps.go.id"' in markup
    assert "<td>&amp;amp;</td>" in markup


HOSTILE = {
    "ten thousand tabs": "\t" * 10_000,
    "ten thousand cells": "a\t" * 5_000,
    "many lines": "a\t\n" * 3_333,
    "one wide line, many narrow": "a\t" * (MAX_COLUMNS - 1) + "\na\t" * 900,
    "many quotes": 'a\t"\n' * 2_500,
    "only quotes": "a\t" + '"' * 9_998,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_table_that_is_too_large_stays_text_with_its_tabs(text):
    markup = html(text)

    assert markup.count("<td") <= MAX_CELLS
    assert unescape(re.sub("<[^>]*>", "", markup)).count("\t") + markup.count(
        "</td><td"
    ) == text.count("\t")
    assert len(aligned(text)) < 20 * len(text)
    assert len(markdown(text)) < 20 * len(text)


def test_both_sides_of_the_widest_table():
    assert "<table>" in html("a\t" * (MAX_COLUMNS - 1) + "b")
    assert "<pre>" in html("a\t" * MAX_COLUMNS + "b")


def test_both_sides_of_the_largest_table():
    rows = MAX_CELLS // 20
    line = "1" + "\t1" * 19
    assert "<table>" in html("\n".join([line] * rows))
    assert "<pre>" in html("\n".join([line] * (rows + 1)))


def test_in_a_mail_without_html_every_cell_stands_below_its_head():
    shown = aligned(tidy_lines(TABLE) or "").split("\n")

    assert shown == [
        "         |   2022 | 2023 |   2024",
        "Wanadadi | 33.000 |      | 33.900",
        "Pagentan |        |  1,5 |      -",
    ]


def test_in_an_article_it_is_a_table_of_markdown():
    shown = markdown(tidy_lines(f"Data a|b:\n{TABLE}\n- x\nb|\tc") or "")

    assert shown == (
        "Data a|b:\n\n|  | 2022 | 2023 | 2024 |\n| --- | ---: | ---: | ---: |\n"
        "| Wanadadi | 33.000 |  | 33.900 |\n| Pagentan |  | 1,5 | - |\n\n\n- x\n\n"
        "| b\\| | c |\n| --- | --- |"
    )
