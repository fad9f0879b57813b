"""A whole list of regions checked before any of it is written."""

import re
from dataclasses import dataclass

from pst.list_files.problems import Findings
from pst.regions import names
from pst.regions.entries import RegionEntry
from pst.regions.models import LEVEL_BY_LENGTH, NAME_LENGTH
from pst.regions.names import RegionLevel

BPS = re.compile(r"[1-9]\d(?:\d\d(?:\d{3}(?:\d{3})?)?)?")
KEMENDAGRI = re.compile(r"[1-9]\d(?:\.\d\d(?:\.\d\d(?:\.\d{4})?)?)?")
DIGITS = {2: (2,), 4: (2, 2), 6: (2, 2, 2), 10: (2, 2, 2, 4)}
KINDS = {RegionLevel.PROVINCE: "Provinsi", RegionLevel.SUBDISTRICT: "Kecamatan"}
# The third and fourth digit of a city, and the first of a kelurahan's last four.
FIRST_CITY = 71


@dataclass(frozen=True)
class ValidRegion:
    """A region that may be written."""

    bps_code: str
    kemendagri_code: str | None
    kind: str
    name: str
    others: tuple[str, ...]


def check(entries: list[RegionEntry], findings: Findings) -> list[ValidRegion]:
    """Return the regions. Raises `BadList` with every line that is wrong."""
    places: dict[str, str] = {}
    regions: list[ValidRegion] = []
    for entry in entries:
        code = entry.bps_code
        if not BPS.fullmatch(code):
            findings.refuse(entry.place, f"“{code[:20]}” bukan kode wilayah BPS")
        elif code in places:
            findings.refuse_second(entry.place, code, places[code])
        else:
            places[code] = entry.place
            regions.append(_check_entry(entry, findings))
    if not regions and not findings.count:
        findings.refuse("", "Tidak ada satu wilayah pun dalam berkas ini.")
    findings.raise_any()
    return regions


def _check_entry(entry: RegionEntry, findings: Findings) -> ValidRegion:
    kind, name = names.kind_in(names.display(entry.name))
    kemendagri = dotted(entry.kemendagri_code)
    if not name:
        findings.refuse(entry.place, f"kode {entry.bps_code} tidak mempunyai nama")
    if len(name) > NAME_LENGTH:
        findings.refuse(entry.place, f"nama lebih dari {NAME_LENGTH} huruf")
    if kemendagri and not KEMENDAGRI.fullmatch(kemendagri):
        reason = f"“{kemendagri[:20]}” bukan kode Kemendagri"
        findings.refuse(entry.place, reason)
    kind = kind or _kind(entry, kemendagri)
    others = (names.kind_in(names.display(other))[1] for other in entry.others)
    also = tuple(other for other in dict.fromkeys(others) if other != name)
    return ValidRegion(entry.bps_code, kemendagri or None, kind, name, also)


def _kind(entry: RegionEntry, kemendagri: str) -> str:
    """Return the kind of a region that its name does not say."""
    level = LEVEL_BY_LENGTH[len(entry.bps_code)]
    if names.level_of_kind(entry.kind) is level:
        return names.kind_in(f"{entry.kind} x")[0]
    if level is RegionLevel.DISTRICT:
        return "Kota" if int(entry.bps_code[2:]) >= FIRST_CITY else "Kabupaten"
    if level is RegionLevel.VILLAGE:
        last = kemendagri.rpartition(".")[2]
        return "Kelurahan" if last.startswith("1") and len(last) == 4 else "Desa"
    return KINDS[level]


def dotted(code: str) -> str:
    """Return a code of Kemendagri with its dots: 3304012001 is 33.04.01.2001."""
    code = code.strip()
    if not code.isdigit() or len(code) not in DIGITS:
        return code
    parts, at = [], 0
    for length in DIGITS[len(code)]:
        parts.append(code[at : at + length])
        at += length
    return ".".join(parts)
