"""What a code became in later editions, and what it was in earlier ones."""

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from pst.classifications.models import Classification, Code, Conversion
from pst.database import db


class ConversionKind(StrEnum):
    """What became of a code in another edition."""

    SAME = "same"
    MOVED = "moved"
    SPLIT = "split"
    MERGED = "merged"
    SPLIT_AND_MERGED = "split_and_merged"
    ENDED = "ended"


@dataclass(frozen=True)
class ConversionStep:
    """What a code became in another edition, or what it was made of."""

    edition: Classification
    codes: tuple[Code, ...]
    change: ConversionKind
    notes: tuple[str, ...] = ()


def onward(code: Code) -> list[ConversionStep]:
    """Return what the code became in each later edition."""
    return _Side(code, is_forward=True).steps


def backward(code: Code) -> list[ConversionStep]:
    """Return what the code was in each earlier edition."""
    return _Side(code, is_forward=False).steps


@dataclass(frozen=True)
class _Side:
    """The conversions of one code into later editions, or from earlier ones."""

    code: Code
    is_forward: bool

    @property
    def steps(self) -> list[ConversionStep]:
        pairs: dict[int, list[tuple[Conversion, Code | None]]] = defaultdict(list)
        query = sa.select(Conversion, Code).outerjoin(Code, Code.id == self._other)
        query = query.where(self._own == self.code.id).order_by(Code.code)
        for row, code in db.session.execute(query):
            id = row.into_id if self.is_forward else code.classification_id
            pairs[id].append((row, code))
        return [self._step(id, rows) for id, rows in pairs.items()]

    @property
    def _own(self) -> sa.ColumnElement[int]:
        return _columns()[not self.is_forward]

    @property
    def _other(self) -> sa.ColumnElement[int]:
        return _columns()[self.is_forward]

    def _step(
        self, id: int, rows: list[tuple[Conversion, Code | None]]
    ) -> ConversionStep:
        codes = tuple(code for _, code in rows if code is not None)
        notes = tuple(dict.fromkeys(row.note for row, _ in rows if row.note))
        edition = db.session.get_one(Classification, id)
        return ConversionStep(edition, codes, self._change(codes), notes)

    def _change(self, codes: tuple[Code, ...]) -> ConversionKind:
        """Name the change by how many codes there are on both of its sides."""
        if not codes:
            return ConversionKind.ENDED
        many, is_shared = len(codes) > 1, self._is_shared(codes)
        if many and is_shared:
            return ConversionKind.SPLIT_AND_MERGED
        if many or is_shared:
            return (
                ConversionKind.SPLIT
                if many == self.is_forward
                else ConversionKind.MERGED
            )
        return (
            ConversionKind.SAME
            if codes[0].code == self.code.code
            else ConversionKind.MOVED
        )

    def _is_shared(self, codes: tuple[Code, ...]) -> bool:
        """Return whether another code of the same edition leads to these as well."""
        query = (
            sa.select(Conversion.id)
            .join(Code, Code.id == self._own)
            .where(
                self._other.in_([each.id for each in codes]),
                self._own != self.code.id,
                Code.classification_id == self.code.classification_id,
            )
        )
        return db.session.scalar(query.limit(1)) is not None


def _columns() -> tuple[sa.ColumnElement[int], sa.ColumnElement[int]]:
    """Return the column of the earlier code, and that of the later one."""
    table = Conversion.__table__.c
    return table.source_id, table.target_id
