"""Regions written from a list: checked whole, rerunnable, old names kept."""

from collections.abc import Callable
from typing import BinaryIO

from pst.database import reading, transaction
from pst.list_files.problems import BadList, Findings
from pst.list_files.runs import ListImport, ListSource
from pst.regions import planning
from pst.regions.checking import ValidRegion, check
from pst.regions.entries import read as read_entries
from pst.regions.office_areas import Areas
from pst.regions.planning import NAME, ImportOutcome, RegionPlan

ReadList = tuple[list[ValidRegion], Findings]
Reader = Callable[[], ReadList]


def read(file: BinaryIO) -> tuple[list[ValidRegion], Findings]:
    """Return the regions of a file, checked whole. Raises `BadList`."""
    findings = Findings()
    return check(read_entries(file, findings), findings), findings


def bring_in(
    reader: Reader, source: ListSource, may_withdraw: bool = False
) -> ImportOutcome:
    """Write what `reader` returns, and keep why it was refused. Raises `BadList`.

    Of a list of the whole country only the regions of the configured areas are taken.
    """
    with ListImport.keeping_refusals(NAME, source):
        regions, findings = reader()
        with reading():
            regions = _of_our_areas(regions, findings)
            change = planning.plan(regions, findings, may_withdraw)
        with transaction():
            if planning.state() != change.state:
                change = planning.plan(regions, findings, may_withdraw)
            return _carry_out(change, source)


def write(
    regions: list[ValidRegion], findings: Findings, source: ListSource
) -> ImportOutcome:
    """Write a small list in the caller's transaction. Raises `BadList`."""
    return _carry_out(planning.plan(regions, findings, False), source)


def _of_our_areas(regions: list[ValidRegion], findings: Findings) -> list[ValidRegion]:
    areas = Areas.configured()
    ours = [each for each in regions if areas.has(each.bps_code)]
    if not ours and regions:
        raise BadList.because("Tidak satu pun dari wilayah ini di area kantor.")
    if outside := len(regions) - len(ours):
        findings.note("", f"{outside} wilayah di luar area kantor dilewati")
    return ours


def _carry_out(result: RegionPlan, source: ListSource) -> ImportOutcome:
    result.carry_out()
    outcome = result.outcome
    ListImport.keep(NAME, source, outcome.counts, outcome.findings)
    return outcome
