"""Charts are well-formed, inert, and say what the table says."""

from xml.etree import ElementTree

import pytest

from pst.reports.layout.charts import BOTTOM, HEIGHT, chart, nice, shortened
from pst.reports.layout.tables import Column, Table

SVG = "{http://www.w3.org/2000/svg}"


def table(rows: list, kind: str = "columns") -> Table:
    columns = [Column("Hari", "text"), Column("Konsultasi", "count")]
    return Table("x", 'Judul "<b>" & lain', columns, rows, kind, "")


def test_a_chart_has_one_column_for_each_row():
    root = ElementTree.fromstring(chart(table([["Senin", 4], ["Selasa", 2]])))

    heights = [float(rect.get("height")) for rect in root.iter(f"{SVG}rect")]
    assert heights[0] == pytest.approx(2 * heights[1])
    assert {"4", "2", "Senin", "Selasa"} <= {t.text for t in root.iter(f"{SVG}text")}


def test_a_chart_carries_its_title_safely():
    root = ElementTree.fromstring(chart(table([["<script>", 1]])))

    assert root.get("aria-label") == 'Judul "<b>" & lain'
    assert not list(root.iter(f"{SVG}script"))


def test_a_line_has_a_gap_where_nothing_is_known():
    rows = [["Januari 2026", 4.0], ["Februari 2026", None], ["Maret 2026", 3.5]]
    root = ElementTree.fromstring(chart(table(rows, "line")))

    assert len(list(root.iter(f"{SVG}polyline"))) == 2
    assert len(list(root.iter(f"{SVG}circle"))) == 2


@pytest.mark.parametrize("rows", [[], [["Senin", 0]], [["Senin", None]]])
def test_nothing_is_drawn_of_nothing(rows):
    assert chart(table(rows)) is None


def test_only_some_labels_are_written_when_there_are_many():
    rows = [[f"{n} Okt", n] for n in range(1, 32)]
    root = ElementTree.fromstring(chart(table(rows)))

    labels = [t.text for t in root.iter(f"{SVG}text") if "Okt" in t.text]
    assert len(labels) <= 8


@pytest.mark.parametrize(
    ("values", "sizes"),
    [([4, 2], {None}), ([15] * 31, {"9"}), ([1234] * 31, set())],
)
def test_values_are_written_where_they_have_room(values, sizes):
    root = ElementTree.fromstring(
        chart(table([[f"{n}", v] for n, v in enumerate(values)]))
    )

    texts = [
        t
        for t in root.iter(f"{SVG}text")
        if t.text in ("4", "15", "1.234") and is_above(t)
    ]
    assert {t.get("font-size") for t in texts} == sizes


def is_above(text: ElementTree.Element) -> bool:
    """Return whether it stands above a column, not next to a line of the grid."""
    return (
        text.get("text-anchor") == "middle" and float(text.get("y")) < HEIGHT - BOTTOM
    )


def test_bars_are_as_long_as_their_share_of_the_longest():
    bars = table([["Data", 8], ["Metadata", 2]], "bars")

    assert bars.bars == [1, 0.25]
    assert chart(bars) is None


@pytest.mark.parametrize(
    ("value", "top"), [(1, 1), (3, 3), (5, 8), (45, 60), (81, 120), (999, 1200)]
)
def test_the_scale_ends_in_a_round_number(value, top):
    assert nice(value) == top


def test_a_month_is_shortened_and_a_day_is_not():
    assert shortened("November 2026") == "Nov 26"
    assert shortened("1 Okt") == "1 Okt"
