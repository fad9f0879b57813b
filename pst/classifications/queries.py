"""What the pages of codes read."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import sqlalchemy as sa

from pst.classifications import conversions, descriptions
from pst.classifications.models import Classification, Code
from pst.database import db


class LinkedText(NamedTuple):
    """A part of a text; `code` is the one it points to, where that is known."""

    text: str
    code: Code | None = None


@dataclass
class CodePage:
    """A code with its place in the tree, and what it was and became."""

    code: Code

    @cached_property
    def above(self) -> list[Code]:
        """Return the codes above it, the coarsest first."""
        above: list[Code] = []
        parent = self.code.parent
        while parent is not None:
            above.insert(0, parent)
            parent = parent.parent
        return above

    @cached_property
    def below(self) -> list[Code]:
        return children(self.code.classification, self.code.id)

    @property
    def examples(self) -> list[str]:
        return self.code.examples

    @cached_property
    def excluded(self) -> list[list[LinkedText]]:
        """Return what it is not, a line each, with the codes where that belongs."""
        return [
            [
                LinkedText(text, self._pointed_to.get(text) if is_code else None)
                for text, is_code in descriptions.pieces(line)
                if text
            ]
            for line in self.code.excludes.split("\n")
            if line
        ]

    @cached_property
    def _pointed_to(self) -> dict[str, Code]:
        codes = descriptions.references(self.code.excludes)
        query = sa.select(Code).where(
            Code.classification_id == self.code.classification_id, Code.code.in_(codes)
        )
        return {code.code: code for code in db.session.scalars(query)}

    @cached_property
    def onward(self) -> list[conversions.ConversionStep]:
        return conversions.onward(self.code)

    @cached_property
    def backward(self) -> list[conversions.ConversionStep]:
        return conversions.backward(self.code)


def children(edition: Classification, parent_id: int | None) -> list[Code]:
    """Return the codes right below another, or the coarsest of an edition."""
    query = (
        sa.select(Code)
        .where(
            Code.classification_id == edition.id,
            Code.parent_id == parent_id
            if parent_id is not None
            else Code.parent_id.is_(None),
            Code.withdrawn_at.is_(None),
        )
        .order_by(Code.code)
    )
    return list(db.session.scalars(query))
