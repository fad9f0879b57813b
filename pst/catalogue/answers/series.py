"""The figures of a variable, from the answer that gives them as one flat table.

Its keys are row, variable, column, year and part of the year written one after the
other. They are ambiguous, so each key is composed from the lists, and none taken apart.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any

from pst.catalogue.answers import numbers, periods
from pst.catalogue.entries import NAME_LENGTH, Value
from pst.catalogue.web_service.lists import Domain
from pst.catalogue.web_service.plain import plain
from pst.outward.calls import CallFailure
from pst.regions import area_codes

# The newest figures of a variable that are kept.
MAX_VALUES = 4_000
# More combinations than any table of a district has: such a table is not read.
MAX_CELLS = 400_000
NO_COLUMN = ("tidak ada", "")


class BadTable(CallFailure):
    """An answer whose parts are no table of figures."""

    def __init__(self, text: str) -> None:
        super().__init__("bad_answer", text)


def read(answer: dict[str, Any], domain: Domain, own: str) -> tuple[Value, ...]:
    """Return the figures for `own`, the areas in it and those that hold it."""
    content = answer.get("datacontent")
    if not isinstance(content, dict):
        return ()
    variables = _labels(answer, "var")
    lists = [
        _labels(answer, name) for name in ("vervar", "turvar", "tahun", "turtahun")
    ]
    if not variables or not all(lists):
        raise BadTable("data without the lists that name it")
    cells = 1
    for each in lists:
        cells *= len(each)
    if cells > MAX_CELLS:
        raise BadTable(f"{cells} cells")
    label = plain(answer.get("labelvervar"), 200)
    are_areas = bool(area_codes.ROWS_OF_AREAS.search(label))
    decimals = _first(answer, "var").get("decimal")
    values = _values(
        content, variables[0][0], lists, (domain, own, are_areas, decimals)
    )
    newest = sorted(values, key=lambda value: (-value.year, -value.part))[:MAX_VALUES]
    return tuple({value.key: value for value in newest}.values())


def _values(
    content: dict[str, Any],
    variable: str,
    lists: list[list[tuple[str, str]]],
    context: tuple[Domain, str, bool, object],
) -> Iterator[Value]:
    domain, own, are_areas, decimals = context
    rows, columns, years, parts = lists
    for (row, label), column, time, part in product(rows, columns, years, parts):
        key = f"{row}{variable}{column[0]}{time[0]}{part[0]}"
        if key not in content:
            continue
        number = numbers.from_machine(content[key], decimals)
        year = periods.year_of(time[1])
        area, code, row_name = _place(row, label, domain, are_areas)
        if number is None or year is None or not area_codes.is_about(code, own):
            continue
        breakdown = " · ".join(filter(None, (row_name, _column(column[1]))))
        place = periods.part_of(part[1])
        name = periods.part_name(part[1])[:60] if place else ""
        yield Value(
            year,
            number.value,
            place,
            name,
            number.decimals,
            area,
            code,
            breakdown,
        )


def _place(
    row: str, label: str, domain: Domain, are_areas: bool
) -> tuple[str, str, str]:
    """Return the area, its code and what else a row is about."""
    code = area_codes.code_of(row) if are_areas else None
    if code is None or label.casefold() in ("jumlah", "total"):
        is_total = label.casefold() in ("jumlah", "total", *NO_COLUMN)
        if is_total or label.casefold() == domain.name.casefold():
            return domain.name, domain.area_code, ""
        return domain.name, domain.area_code, label
    if code == domain.area_code:
        return domain.name, code, ""
    return label, code, ""


def _column(label: str) -> str:
    return "" if label.casefold() in NO_COLUMN else label


def _labels(answer: dict[str, Any], name: str) -> list[tuple[str, str]]:
    rows = answer.get(name)
    if not isinstance(rows, list):
        return []
    return [
        (str(row["val"]), plain(row.get("label"), NAME_LENGTH))
        for row in rows
        if isinstance(row, dict) and "val" in row
    ]


def _first(answer: dict[str, Any], name: str) -> dict[str, Any]:
    rows = answer.get(name)
    first = rows[0] if isinstance(rows, list) and rows else {}
    return first if isinstance(first, dict) else {}
