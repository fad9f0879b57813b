"""Charts as SVG, made on the server: no script, and readable in black and white.

Colours are attributes, so that a PDF has them; on screen the style sheet, which knows
light and dark, overrides them through the classes.
"""

from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from pst.reports.layout.tables import Table
from pst.web.formats.formatting import MONTHS, number

WIDTH, HEIGHT = 400, 170
LEFT, RIGHT, TOP, BOTTOM = 34, 6, 16, 26
INK, LINE, ACCENT = "#16242c", "#b8c4cb", "#0b5c78"
LETTERS = 12
MAX_LABELS = 8
# The value above a column is written in the largest of these sizes that has room.
VALUE_SIZES = (12, 9, 8)
DIGIT_WIDTH = 0.56  # of the size of the letters
LOWEST_SCORE, HIGHEST_SCORE = 1, 5


def chart(table: Table, font: str = "") -> Markup | None:
    """Return the chart of `table`, if it has one; `font` names one for a PDF."""
    draw = {"columns": _columns, "line": _line}.get(table.chart)
    if draw is None or not table.rows:
        return None
    values = [row[1] if isinstance(row[1], int | float) else None for row in table.rows]
    if not any(value for value in values):
        return None
    labels = [shortened(str(row[0])) for row in table.rows]
    family = f' font-family="{font}"' if font else ""
    body = Markup("").join(draw(labels, values))
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img"'
        ' aria-label="{}" font-size="{}"{}>{}</svg>'
    ).format(WIDTH, HEIGHT, table.title, LETTERS, Markup(family), body)


def _columns(labels: Sequence[str], values: Sequence[float | None]) -> Iterator[Markup]:
    top = nice(max(value or 0 for value in values))
    yield from _grid(0, top)
    slot = (WIDTH - LEFT - RIGHT) / len(values)
    width = slot * 0.72
    size = _value_size([number(value) for value in values if value], slot)
    for place, value in enumerate(values):
        x = LEFT + slot * place + (slot - width) / 2
        height = _span() * (value or 0) / top
        y = HEIGHT - BOTTOM - height
        yield Markup(
            '<rect class="c-bar" fill="{}" x="{}" y="{}" width="{}" height="{}"/>'
        ).format(ACCENT, _n(x), _n(y), _n(width), _n(height))
        if value and size:
            yield _text(x + width / 2, y - size / 3, number(value), size=size)
    yield from _below(labels, slot)


def _value_size(texts: Sequence[str], slot: float) -> int | None:
    """Return the largest size in which no two of `texts` touch, or None."""
    longest = max(len(text) for text in texts) * DIGIT_WIDTH
    return next((size for size in VALUE_SIZES if longest * size <= slot), None)


def _line(labels: Sequence[str], values: Sequence[float | None]) -> Iterator[Markup]:
    """Draw mean scores; a month without ratings leaves a gap."""
    low, high = LOWEST_SCORE, HIGHEST_SCORE
    yield from _grid(low, high)
    slot = (WIDTH - LEFT - RIGHT) / len(values)
    points = [
        None
        if value is None
        else (
            LEFT + slot * (place + 0.5),
            HEIGHT - BOTTOM - _span() * (value - low) / (high - low),
        )
        for place, value in enumerate(values)
    ]
    for run in _runs(points):
        path = " ".join(f"{_n(x)},{_n(y)}" for x, y in run)
        yield Markup(
            '<polyline class="c-line" fill="none" stroke="{}" stroke-width="2"'
            ' points="{}"/>'
        ).format(ACCENT, path)
    for point, value in zip(points, values, strict=True):
        if point and value is not None:
            x, y = point
            yield Markup(
                '<circle class="c-bar" fill="{}" cx="{}" cy="{}" r="3.5"/>'
            ).format(ACCENT, _n(x), _n(y))
            yield _text(x, y - 7, number(value, 1))
    yield from _below(labels, slot)


def _grid(low: float, high: float) -> Iterator[Markup]:
    """Draw the lines that values are read by; four steps at most."""
    steps = 4 if high - low >= 4 else int(high - low)
    for step in range(steps + 1):
        value = low + (high - low) * step / steps
        y = HEIGHT - BOTTOM - _span() * step / steps
        yield Markup(
            '<line class="c-grid" stroke="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        ).format(LINE, LEFT, WIDTH - RIGHT, _n(y), _n(y))
        yield _text(LEFT - 5, y + 4, number(value), "end")


def _below(labels: Sequence[str], slot: float) -> Iterator[Markup]:
    """Write some of the labels, so that none touches the next."""
    longest = max(len(label) for label in labels) * 6.8
    step = max(-(-len(labels) // MAX_LABELS), int(longest // slot) + 1)
    for place in range(0, len(labels), step):
        x = LEFT + slot * (place + 0.5)
        yield _text(x, HEIGHT - BOTTOM + 15, labels[place])


def _text(
    x: float, y: float, text: str, anchor: str = "middle", size: int = LETTERS
) -> Markup:
    font_size = (
        Markup("") if size == LETTERS else Markup(' font-size="{}"').format(size)
    )
    return Markup(
        '<text class="c-text" fill="{}" x="{}" y="{}" text-anchor="{}"{}>{}</text>'
    ).format(INK, _n(x), _n(y), anchor, font_size, escape(text))


def _runs(
    points: Sequence[tuple[float, float] | None],
) -> Iterator[list[tuple[float, float]]]:
    run: list[tuple[float, float]] = []
    for point in [*points, None]:
        if point is not None:
            run.append(point)
        elif run:
            yield run
            run = []


def shortened(label: str) -> str:
    """Return `November 2026` as `Nov 26`; any other label is returned unchanged."""
    month, _, year = label.partition(" ")
    return f"{month[:3]} {year[2:]}" if month in MONTHS and year else label


def nice(value: float) -> int:
    """Return a round number, not below `value`, that four steps divide well."""
    if value <= 4:
        return max(int(-(-value // 1)), 1)
    unit = 1
    while True:
        for base in (4, 8, 12, 16, 20, 24, 32, 40, 60, 80):
            if base * unit >= value:
                return base * unit
        unit *= 10


def _span() -> int:
    return HEIGHT - TOP - BOTTOM


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
