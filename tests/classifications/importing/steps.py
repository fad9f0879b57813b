"""A list of codes brought in, and what it left."""

from io import BytesIO

import pytest
import sqlalchemy as sa

from pst.classifications.importing import editions as importing
from pst.classifications.models import Code
from pst.database import db
from pst.list_files.problems import BadList
from pst.list_files.runs import ListSource

SOURCE = ListSource("Daftar uji")
TREE = [
    ("A", "Pertanian", "Uraian kategori."),
    ("01", "Tanaman", ""),
    ("011", "Tanaman Semusim", ""),
    ("0111", "Jagung dan Palawija", ""),
    ("01111", "Pertanian Jagung", "Kelompok ini mencakup jagung."),
    ("01112", "Pertanian Kacang", "Kelompok ini mencakup kacang."),
    ("02", "Kehutanan", ""),
]


def bring_in(
    file: BytesIO, slug: str = "kbli-2025", **options
) -> importing.ImportOutcome:
    return importing.bring_in(slug, file, SOURCE, **options)


def codes() -> list[str]:
    query = sa.select(Code.code).where(Code.withdrawn_at.is_(None)).order_by(Code.id)
    return list(db.session.scalars(query))


def reasons(file: BytesIO, slug: str = "kbli-2025") -> list[str]:
    with pytest.raises(BadList) as refused:
        bring_in(file, slug)
    assert codes() == []
    return list(map(str, refused.value.problems))
