"""Items from a file: JSON lines or CSV, which is checked whole before any is stored.

The format is described in docs/catalogue.md.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pst.catalogue.answers import numbers, periods
from pst.catalogue.entries import (
    ABSTRACT_LENGTH,
    MAX_YEARS,
    NAME_LENGTH,
    TITLE_LENGTH,
    BadEntry,
    ItemEntry,
    Value,
    web_address,
)
from pst.catalogue.states import ItemKind
from pst.catalogue.web_service.plain import plain
from pst.regions import area_codes

KINDS = {
    "tabel": ItemKind.TABLE,
    "publikasi": ItemKind.PUBLICATION,
    "rilis": ItemKind.RELEASE,
    "indikator": ItemKind.INDICATOR,
    "berkas": ItemKind.FILE,
}
OF_A_VALUE = ("period", "breakdown", "value_area", "value_area_code", "value")
NAMES = {
    *("id", "kind", "title", "title_en", "abstract", "subject", "unit", "area"),
    *("area_code", "years", "released_on", "next_on", "address", "file", "note"),
    *("values", *OF_A_VALUE),
}
TEXTS = {
    "title": TITLE_LENGTH,
    "title_en": TITLE_LENGTH,
    "abstract": ABSTRACT_LENGTH,
    "subject": NAME_LENGTH,
    "unit": NAME_LENGTH,
    "area": NAME_LENGTH,
    "note": ABSTRACT_LENGTH,
}
MAX_BYTES = 50 * 1024 * 1024


def read(path: Path) -> list[ItemEntry]:
    """Return the items in a file; raise `BadEntry`, which names the line."""
    if path.stat().st_size > MAX_BYTES:
        raise BadEntry(f"larger than {MAX_BYTES // 1024 // 1024} MB")
    text = path.read_text(encoding="utf-8-sig")
    rows = _csv_rows(text) if path.suffix.casefold() == ".csv" else _json_rows(text)
    return list(entries(rows))


def entries(rows: Iterable[tuple[int, dict[str, Any]]]) -> Iterator[ItemEntry]:
    """Yield the items of numbered rows; each id may occur once."""
    source_ids: set[str] = set()
    for line, row in rows:
        try:
            entry = entry_of(row)
        except BadEntry as error:
            raise BadEntry(f"Line {line}: {error}") from error
        if entry.source_id in source_ids:
            raise BadEntry(f"Line {line}: id {entry.source_id} occurs twice.")
        source_ids.add(entry.source_id)
        yield entry


def entry_of(row: dict[str, Any]) -> ItemEntry:
    """Return the item that a row describes; raise `BadEntry` when it is none."""
    if unknown := sorted(set(row) - NAMES):
        raise BadEntry(f"unknown field {unknown[0]!r}.")
    texts = {name: plain(row.get(name), most) for name, most in TEXTS.items()}
    if not texts["title"]:
        raise BadEntry("title is missing.")
    kind = KINDS.get(plain(row.get("kind"), 20).casefold())
    if kind is None:
        raise BadEntry(f"kind must be one of {', '.join(KINDS)}.")
    code = _code(row.get("area_code"))
    place = {"area": texts["area"], "area_code": code}
    return ItemEntry(
        source_id=plain(row.get("id"), NAME_LENGTH),
        kind=kind,
        **texts,  # type: ignore[arg-type]
        area_code=code,
        years=_years(row.get("years"), texts["title"]),
        released_on=_day(row, "released_on"),
        next_on=_day(row, "next_on"),
        address=_address(row, "address"),
        file_address=_address(row, "file"),
        values=tuple(_values(row.get("values") or [], place)),
    )


def _values(rows: Any, place: dict[str, str]) -> Iterator[Value]:
    if not isinstance(rows, list):
        raise BadEntry("values must be a list.")
    keys = set()
    for row in rows:
        if not isinstance(row, dict):
            raise BadEntry("a value must be an object.")
        value = value_of(
            str(row.get("period", "")),
            row.get("value"),
            area=plain(row.get("area"), NAME_LENGTH) or place["area"],
            area_code=_code(row["area_code"])
            if row.get("area_code")
            else place["area_code"],
            breakdown=plain(row.get("breakdown"), NAME_LENGTH),
        )
        if value.key in keys:
            raise BadEntry(f"period {row.get('period')} occurs twice.")
        keys.add(value.key)
        yield value


def value_of(period: str, figure: object, **where: str) -> Value:
    """Return one figure; raise `BadEntry` when period or figure are none."""
    year = periods.year_of(period)
    if year is None:
        raise BadEntry(f"period {period!r} has no year.")
    is_text = isinstance(figure, str)
    number = (
        numbers.from_person(str(figure)) if is_text else numbers.from_machine(figure)
    )
    if number is None:
        raise BadEntry(f"{figure!r} is no figure.")
    part = periods.part_of(period)
    name = periods.part_name(period)[:60] if part else ""
    return Value(year, number.value, part, name, number.decimals, **where)


def _json_rows(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for line, content in enumerate(text.splitlines(), 1):
        if not content.strip():
            continue
        try:
            row = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise BadEntry(f"Line {line}: no JSON ({error}).") from error
        if not isinstance(row, dict):
            raise BadEntry(f"Line {line}: no object.")
        yield line, row


def _csv_rows(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield items; rows that follow each other with the same id are one of them."""
    first = text.partition("\n")[0]
    reader = csv.DictReader(
        io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ","
    )
    item: dict[str, Any] = {}
    start = 2
    for row in reader:
        if None in row:
            raise BadEntry(f"Line {reader.line_num}: more cells than the first line.")
        facts = {name.strip(): (cell or "").strip() for name, cell in row.items()}
        value = {
            name.removeprefix("value_"): facts.pop(name, "") for name in OF_A_VALUE
        }
        if item and facts.get("id") == item.get("id"):
            facts = item
        elif item:
            yield start, item
        if facts is not item:
            item, start = facts | {"values": []}, reader.line_num
        if value["period"] or value["value"]:
            item["values"].append(value)
    if item:
        yield start, item


def _years(value: object, title: str) -> tuple[int, ...]:
    text = " ".join(map(str, value)) if isinstance(value, list) else plain(value, 400)
    years = periods.years_in(text) or periods.years_in(title)
    return tuple(years[-MAX_YEARS:])


def _code(value: object) -> str:
    if value in (None, ""):
        return area_codes.COUNTRY
    code = area_codes.code_of(value)
    if code is None:
        raise BadEntry(f"{value!r} is no area code.")
    return code


def _day(row: dict[str, Any], name: str) -> Any:
    day = periods.day_of(row.get(name))
    if row.get(name) and day is None:
        raise BadEntry(f"{name} must be a date, as 2026-03-31.")
    return day


def _address(row: dict[str, Any], name: str) -> str:
    address = web_address(row.get(name))
    if row.get(name) and not address:
        raise BadEntry(f"{name} is no web address.")
    return address
