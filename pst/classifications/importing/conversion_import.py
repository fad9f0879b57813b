"""The conversion between two editions written whole."""

from typing import BinaryIO

import sqlalchemy as sa

from pst.classifications.families import name_of
from pst.classifications.importing.conversion_tables import ConversionTableReader, Pairs
from pst.classifications.models import Classification, Code, Conversion
from pst.database import db, reading, transaction
from pst.list_files.problems import BadList, Findings
from pst.list_files.runs import ListImport, ListSource


def bring_in(
    slugs: tuple[str, str], file: BinaryIO, source: ListSource
) -> dict[str, int]:
    """Replace the conversion between two editions; return how much changed.

    Nothing slow happens while others wait to write. Raises `BadList` for a file of
    which nothing was taken, and keeps why.
    """
    name = ":".join(slugs)
    with ListImport.keeping_refusals(name, source), reading():
        ids, pairs, findings = read(file, slugs)
    with transaction():
        counts = write(ids, pairs)
        ListImport.keep(name, source, counts, findings)
    return counts


def read(
    file: BinaryIO, slugs: tuple[str, str]
) -> tuple[tuple[int, int], Pairs, Findings]:
    """Return the ids of the editions, and the rows of the file. Raises `BadList`."""
    editions = [Classification.with_slug(slug) for slug in slugs]
    for slug, edition in zip(slugs, editions, strict=True):
        if edition is None:
            raise BadList.because(f"Impor {name_of(slug)} dahulu.")
    first, second = filter(None, editions)
    reader = ConversionTableReader(first, second)
    pairs = reader.pairs(file)
    return (first.id, second.id), pairs, reader.findings


def write(ids: tuple[int, int], pairs: Pairs) -> dict[str, int]:
    """Write the rows between two editions in the caller's transaction."""
    first_id, second_id = ids
    query = (
        sa.select(Conversion)
        .join(Code, Code.id == Conversion.source_id)
        .where(Code.classification_id == first_id, Conversion.into_id == second_id)
    )
    rows = {(row.source_id, row.target_id): row for row in db.session.scalars(query)}
    changes = 0
    for key, note in pairs.items():
        row = rows.get(key)
        if row is None:
            db.session.add(_row(key, second_id, note))
        elif row.note != note:
            row.note = note
            changes += 1
    absent = [row for key, row in rows.items() if key not in pairs]
    for row in absent:
        db.session.delete(row)
    count = len(pairs.keys() - rows.keys())
    same = len(pairs.keys() & rows.keys()) - changes
    return {"made": count, "changed": changes, "withdrawn": len(absent), "same": same}


def _row(key: tuple[int, int | None], into_id: int, note: str) -> Conversion:
    source_id, target_id = key
    return Conversion(
        source_id=source_id, target_id=target_id, into_id=into_id, note=note
    )
