"""Provinces, districts and kecamatan of the configured areas, from SIMDASI.

Villages are not in it: they come from the bridging list or another file.
"""

from typing import Any

from pst.list_files.problems import Findings
from pst.list_files.runs import ListSource
from pst.regions import importing
from pst.regions.area_codes import code_of
from pst.regions.entries import RegionEntry, of_json
from pst.regions.importing import ImportOutcome
from pst.webapi.client import Webapi
from pst.webapi.list_answers import refused_in_words
from pst.webapi.source import client

PATH = "/interoperabilitas/datasource/simdasi/id/"
PROVINCES, DISTRICTS, SUBDISTRICTS = "26", "27", "28"
SOURCE = "BPS, SIMDASI"


def fetch(by_id: int | None = None) -> ImportOutcome:
    """Fetch the regions and write them; call it in no transaction.

    Raises `BadList`, and keeps why, when they do not come or are not as they should be.
    """
    return importing.bring_in(_read, ListSource(SOURCE, by_id))


def _read() -> tuple[list[importing.ValidRegion], Findings]:
    findings = Findings()
    with refused_in_words():
        api, domains = client()
        entries = list(_entries(api, domains, findings).values())
    return importing.check(entries, findings), findings


def _entries(
    api: Webapi, domains: list[str], findings: Findings
) -> dict[str, RegionEntry]:
    """Return the regions of the domains: each with its province and its kecamatan."""
    areas = {code for code in map(code_of, domains) if code}
    provinces = {area[:2] for area in areas}
    entries = _within(_ask(api, PROVINCES), provinces, findings)
    for province in sorted(provinces):
        rows = _ask(api, DISTRICTS, province)
        codes = areas if province not in areas else {province}
        entries |= _within(rows, codes, findings)
    for district in sorted(area for area in areas if len(area) == 4):
        entries |= _within(_ask(api, SUBDISTRICTS, district), {district}, findings)
    return entries


def _ask(api: Webapi, list_number: str, parent: str = "") -> Any:
    query = {"parent": parent.ljust(7, "0")} if parent else {}
    return api.ask(f"{PATH}{list_number}", query)


def _within(answer: Any, areas: set[str], findings: Findings) -> dict[str, RegionEntry]:
    """Return the regions of an answer that are among the areas or lie in them."""
    return {
        entry.bps_code: entry
        for entry in of_json(answer, findings)
        if any(entry.bps_code.startswith(area) for area in areas)
    }
