"""The labels of a chart can be read: none lies upon the next."""

import re

import pytest

from pst.catalogue.answers.charts import LETTER_WIDTH, chart
from pst.catalogue.entries import Value
from pst.catalogue.models import CatalogueValue

LABEL = re.compile(r'x="([\d.]+)" y="124" text-anchor="(\w+)">([^<]+)<')


def series(count: int, part: int, name: str) -> list[CatalogueValue]:
    return [
        CatalogueValue.of(1, Value(2025 - count + n, 4.0 + n, part, name, 1))
        for n in range(1, count + 1)
    ]


@pytest.mark.parametrize("count", range(3, 13))
@pytest.mark.parametrize(("part", "name"), [(0, ""), (8, "Agustus")])
def test_no_label_lies_upon_the_next(count: int, part: int, name: str):
    values = series(count, part, name)
    svg = chart(values, values[-1], "Uji")
    spans = []
    for x, anchor, text in LABEL.findall(str(svg)):
        width = LETTER_WIDTH * len(text)
        overhang = {"start": 0, "middle": width / 2, "end": width}[anchor]
        spans.append((float(x) - overhang, float(x) - overhang + width))
    spans.sort()

    assert len(spans) >= 2
    assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False)), spans
