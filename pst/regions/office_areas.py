"""Which regions a list may bring: those of the areas that the office has set."""

from dataclasses import dataclass
from typing import Self

from pst.regions.area_codes import code_of
from pst.regions.models import parent_of
from pst.webapi.source import CatalogueSource

LARGE = 4


@dataclass(frozen=True)
class Areas:
    """The codes of provinces and districts; without any, every region is ours."""

    codes: frozenset[str]

    @classmethod
    def configured(cls) -> Self:
        """Return the areas of the domains of the sources."""
        source = CatalogueSource.current()
        domains = source.domains if source else []
        return cls(frozenset(code for code in map(code_of, domains) if code))

    def has(self, code: str) -> bool:
        """Return whether a region is one of ours, holds one, or lies in one.

        A province next to its district is there for what the district lacks: its other
        districts are taken, but not what lies in them.
        """
        if not self.codes:
            return True
        if len(code) <= LARGE:
            return any(code.startswith(a) or a.startswith(code) for a in self.codes)
        districts = {area for area in self.codes if len(area) == LARGE}
        provinces = {parent_of(district) for district in districts}
        whole = districts | (self.codes - provinces)
        return code.startswith(tuple(whole))
