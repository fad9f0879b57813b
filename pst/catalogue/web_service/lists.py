"""The lists of the WebAPI that the catalogue has, and what each row of them says."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pst.catalogue.answers import numbers, periods
from pst.catalogue.entries import (
    ABSTRACT_LENGTH,
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

NO_UNIT = ("tidak ada satuan", "-", "tidak ada", "none")
SHORT_NAMES = {"Kab.": "Kabupaten", "Kab": "Kabupaten", "Prov.": "Provinsi"}


@dataclass(frozen=True)
class Domain:
    """An area whose lists are read."""

    code: str
    name: str
    address: str = ""

    @property
    def area_code(self) -> str:
        return area_codes.code_of(self.code) or area_codes.COUNTRY

    def page(self, path: str) -> str:
        """Return the address of a page of its web site."""
        return web_address(f"{self.address.rstrip('/')}/{path}") if self.address else ""


@dataclass(frozen=True)
class List:
    """One list: how the service calls it, and how a row is read."""

    name: str
    model: str
    read: Callable[[dict[str, Any], Domain], ItemEntry]


def domain_name(text: str) -> str:
    """Return the name of a domain in full: `Kabupaten Banjarnegara`."""
    if text.casefold() in ("pusat", "nasional", "indonesia"):
        return "Indonesia"
    return " ".join(SHORT_NAMES.get(word, word) for word in text.split())


def publication(row: dict[str, Any], domain: Domain) -> ItemEntry:
    """Read a row of the list of publications."""
    released_on, key = periods.day_of(row.get("rl_date")), _text(row, "pub_id")
    title, planned_on = _text(row, "title"), periods.day_of(row.get("sch_date"))
    return ItemEntry(
        **_facts(row, domain, key, ItemKind.PUBLICATION),
        released_on=released_on,
        next_on=planned_on if planned_on and planned_on != released_on else None,
        address=_dated(domain, "publication", released_on, key, title),
        file_address=web_address(row.get("pdf")),
        note=_note("ISSN", row.get("issn"), row.get("size")),
    )


def release(row: dict[str, Any], domain: Domain) -> ItemEntry:
    """Read a row of the list of press releases."""
    released_on, key = periods.day_of(row.get("rl_date")), _text(row, "brs_id")
    return ItemEntry(
        **_facts(row, domain, key, ItemKind.RELEASE),
        subject=_text(row, "subj"),
        released_on=released_on,
        address=_dated(domain, "pressrelease", released_on, key, _text(row, "title")),
        file_address=web_address(row.get("pdf")),
        note=_note("", None, row.get("size")),
    )


def static_table(row: dict[str, Any], domain: Domain) -> ItemEntry:
    """Read a row of the list of static tables."""
    key = _text(row, "table_id")
    return ItemEntry(
        **_facts(row, domain, key, ItemKind.TABLE),
        subject=_text(row, "subj"),
        address=_table(domain, 1, f"{key}#1", _text(row, "title")),
        file_address=web_address(row.get("excel")),
    )


def variable(row: dict[str, Any], domain: Domain) -> ItemEntry:
    """Read a row of the list of variables, the tables that have figures."""
    key = _text(row, "var_id")
    return ItemEntry(
        **_facts(row, domain, key, ItemKind.TABLE, abstract="def"),
        subject=_text(row, "sub_name"),
        unit=unit_of(row.get("unit")),
        address=_table(domain, 2, f"{key}#2", _text(row, "title")),
        note=plain(row.get("notes"), ABSTRACT_LENGTH),
    )


def indicator(row: dict[str, Any], domain: Domain) -> ItemEntry:
    """Read a row of the list of strategic indicators, with its newest figure."""
    key = _text(row, "indicator_id") or _text(row, "hash_id")
    facts = _facts(row, domain, key, ItemKind.INDICATOR)
    if not _text(row, "title"):
        facts["title"] = _text(row, "name")
    variable_id = _text(row, "var")
    has_table = variable_id.isdigit() and variable_id != "0"
    return ItemEntry(
        **facts | {"years": ()},
        unit=unit_of(row.get("unit")),
        address=_table(domain, 2, f"{variable_id}#2", facts["title"])
        if has_table
        else domain.page(""),
        note=plain(row.get("data_source"), NAME_LENGTH),
        values=_newest(row, domain),
    )


def simdasi_table(row: dict[str, Any], domain: Domain) -> ItemEntry:
    """Read a row of the list of tables of *Dalam Angka*."""
    key = _text(row, "id_tabel")
    years = row.get("ketersediaan_tahun")
    numbers = (
        [periods.year_of(str(y)) for y in years] if isinstance(years, list) else []
    )
    facts = _facts(row, domain, key, ItemKind.TABLE)
    facts["title"] = _text(row, "judul", TITLE_LENGTH)
    facts["title_en"] = _text(row, "judul_en", TITLE_LENGTH)
    facts["years"] = tuple(sorted({year for year in numbers if year}))
    code = _text(row, "kode_tabel")
    return ItemEntry(
        **facts,
        subject=_text(row, "subject") or _text(row, "mms_subject"),
        address=domain.page(
            f"id/statistics-table/3/{key}/{_slug(facts['title'])}.html"
        ),
        note=f"Dalam Angka, tabel {code}" if code else "Dalam Angka",
    )


LISTS = (
    List("publication", "publication", publication),
    List("pressrelease", "pressrelease", release),
    List("statictable", "statictable", static_table),
    List("var", "var", variable),
    List("indicators", "indicators", indicator),
    List("simdasi", "", simdasi_table),
)


def read(each: List, row: Any, domain: Domain) -> ItemEntry:
    """Return what a row says; raise `BadEntry` when it is no row of the list."""
    if not isinstance(row, dict):
        raise BadEntry("no row")
    return each.read(row, domain)


def unit_of(value: object) -> str:
    """Return a unit, or nothing where the source says that there is none."""
    text = plain(value, NAME_LENGTH)
    return "" if text.casefold() in NO_UNIT else text


def _facts(
    row: dict[str, Any],
    domain: Domain,
    key: str,
    kind: ItemKind,
    abstract: str = "abstract",
) -> dict[str, Any]:
    title = _text(row, "title", TITLE_LENGTH)
    return {
        "source_id": key,
        "kind": kind,
        "title": title,
        "abstract": plain(row.get(abstract), ABSTRACT_LENGTH),
        "area": domain.name,
        "area_code": domain.area_code,
        "years": tuple(periods.years_in(title)),
        "updated_on": periods.day_of(row.get("updt_date")),
    }


def _newest(row: dict[str, Any], domain: Domain) -> tuple[Value, ...]:
    period = plain(row.get("periode"), NAME_LENGTH)
    number, year = numbers.from_machine(row.get("value")), periods.year_of(period)
    if number is None or year is None:
        return ()
    part = periods.part_of(period)
    name = periods.part_name(period)[:60] if part else ""
    where = {"area": domain.name, "area_code": domain.area_code}
    return (Value(year, number.value, part, name, number.decimals, **where),)


def _text(row: dict[str, Any], name: str, most: int = NAME_LENGTH) -> str:
    return plain(row.get(name), most)


def _note(name: str, value: object, size: object) -> str:
    parts = [f"{name} {plain(value, 40)}"] if value else []
    return " · ".join(parts + ([f"PDF {plain(size, 20)}"] if size else []))


def _dated(domain: Domain, kind: str, on: date | None, key: str, title: str) -> str:
    if on is None:
        return domain.page(f"id/{kind}")
    return domain.page(f"id/{kind}/{on:%Y/%m/%d}/{key}/{_slug(title)}.html")


def _table(domain: Domain, kind: int, key: str, title: str) -> str:
    """Return the address of a table, whose name there is its id in base64."""
    name = base64.b64encode(key.encode()).decode()
    return domain.page(f"id/statistics-table/{kind}/{name}/{_slug(title)}.html")


def _slug(title: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", title.casefold()))[:100] or "tabel"
