"""A small line chart of a series as SVG, made on the server."""

import math
from collections.abc import Sequence

from markupsafe import Markup

from pst.catalogue.models import CatalogueValue
from pst.web.formats.formatting import number

WIDTH, HEIGHT = 400, 130
LEFT, RIGHT, TOP, BOTTOM = 14, 14, 22, 24
LETTERS = 12
MIN_POINTS = 3
DOT, CHOSEN_DOT = 2.5, 4.5
LABEL_WIDTH, LETTER_WIDTH = 46, 7
MONTH_LETTERS = 3


def chart(
    values: Sequence[CatalogueValue], value_shown: CatalogueValue, title: str
) -> Markup | None:
    """Return the chart of a series of three periods or more; None for a shorter one."""
    if len(values) < MIN_POINTS:
        return None
    points = _points(values)
    line = Markup('<polyline class="c-line" fill="none" points="{}"/>').format(
        " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    )
    parts = [line]
    for place, ((x, y), value) in enumerate(zip(points, values, strict=True)):
        size = CHOSEN_DOT if value is value_shown else DOT
        dot = '<circle class="c-bar" cx="{}" cy="{}" r="{}"/>'
        parts.append(Markup(dot).format(_n(x), _n(y), size))
        if value is value_shown or value in (values[0], values[-1]):
            top = min(y for _, y in points[max(0, place - 1) : place + 2])
            parts.append(_text(x, top - 9, number(value.value, value.decimals)))
    parts += _labels(points, values)
    return Markup(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" font-size="{}">{}</svg>'
    ).format(WIDTH, HEIGHT, title, LETTERS, Markup("").join(parts))


def period_text(value: CatalogueValue) -> str:
    """Return the period of a figure: `2025`, or `September 2025`."""
    return f"{value.part_name} {value.year}" if value.part_name else str(value.year)


def _points(values: Sequence[CatalogueValue]) -> list[tuple[float, float]]:
    low = min(value.value for value in values)
    span = max(value.value for value in values) - low
    step = (WIDTH - LEFT - RIGHT) / (len(values) - 1)
    height = HEIGHT - TOP - BOTTOM
    return [
        (
            LEFT + place * step,
            TOP + height * (1 - ((value.value - low) / span if span else 0.5)),
        )
        for place, value in enumerate(values)
    ]


def _labels(
    points: list[tuple[float, float]], values: Sequence[CatalogueValue]
) -> list[Markup]:
    """Write some of the periods under the line, so that none touches the next.

    The first and the last do not stand in the middle of their points: from one of them
    to the next label there must be room for one and a half.
    """
    room = (WIDTH - LEFT - RIGHT) / (len(values) - 1)
    width = LETTER_WIDTH * max(len(_short(value)) for value in values)
    step = max(1, math.ceil(1.5 * width / room))
    last = len(values) - 1
    return [
        _text(points[place][0], HEIGHT - 6, _short(values[place]))
        for place in range(last, -1, -step)
    ]


def _short(value: CatalogueValue) -> str:
    if not value.part_name:
        return str(value.year)
    return f"{value.part_name[:MONTH_LETTERS]} {value.year % 100:02}"


def _text(x: float, y: float, text: str) -> Markup:
    anchor = "start" if x < LABEL_WIDTH else "middle"
    anchor = "end" if x > WIDTH - LABEL_WIDTH else anchor
    return Markup(
        '<text class="c-text" x="{}" y="{}" text-anchor="{}">{}</text>'
    ).format(_n(x), _n(y), anchor, text)


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
