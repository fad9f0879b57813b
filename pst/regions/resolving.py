"""Which region a text means, and what a field suggests."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import sqlalchemy as sa
from flask import current_app

from pst.database import PlainSelect, db
from pst.list_files.runs import ListImport
from pst.regions import mentions, names
from pst.regions.mentions import GazetteerEntry, Mention
from pst.regions.models import Region, RegionName
from pst.regions.names import RegionLevel
from pst.regions.planning import NAME


@dataclass(frozen=True)
class Gazetteer:
    """All regions there are, by every key of their names."""

    places: dict[str, GazetteerEntry]
    by_key: dict[str, tuple[str, ...]]

    def find(self, text: str) -> GazetteerEntry | None:
        """Return the region that `text` names; None when it is none, or not sure.

        The first that is named is meant; others say in which region it lies.
        """
        mentions = list(self._mentions(text))
        if not mentions:
            return None
        key, level = mentions[0]
        candidates = [self.places[code] for code in self.by_key.get(key, ())]
        if level is not None:
            candidates = [place for place in candidates if place.level == level]
        for other, other_level in mentions[1:]:
            candidates = self._within(candidates, other, other_level)
        if len(candidates) > 1:
            # A kecamatan and its village have one name: the larger is meant.
            largest = min(place.level for place in candidates)
            candidates = [place for place in candidates if place.level == largest]
        return candidates[0] if len(candidates) == 1 else None

    def mentions_in(self, question: str) -> list[Mention]:
        """Return the regions that a question names among other words."""
        return mentions.mentions_in(question, self.by_key, self.places)

    def _mentions(self, text: str) -> Iterator[tuple[str, RegionLevel | None]]:
        """Yield the key and level of each region that a text names."""
        for words, level in names.mentions(text):
            size = len(words)
            while size and words:
                key = names.key_of(" ".join(words[:size]))
                if key in self.by_key or size == len(words) == 1:
                    yield key, level
                    words, level = words[size:], None
                    size = len(words)
                else:
                    size -= 1
            if words:
                yield names.key_of(" ".join(words)), level

    def _within(
        self, places: list[GazetteerEntry], key: str, level: RegionLevel | None
    ) -> list[GazetteerEntry]:
        """Return those of `places` that lie in a region with this key; all if none."""
        around = [
            code
            for code in self.by_key.get(key, ())
            if level is None or self.places[code].level == level
        ]
        inside = [
            place
            for place in places
            if any(place.code != c and place.code.startswith(c) for c in around)
        ]
        return inside or places

    def name_within(self, code: str) -> str:
        """Return a region with the one around it: "Desa Wanakarsa, Kec. Wanadadi"."""
        place = self.places[code]
        around = (
            self.places.get(code[:7]) if place.level == RegionLevel.VILLAGE else None
        )
        return f"{place.title}, Kec. {around.name}" if around else place.title

    @cached_property
    def suggestions(self) -> tuple[str, ...]:
        """Every region as a field suggests it, the larger first."""
        return self._names_of(RegionLevel.VILLAGE)

    @cached_property
    def larger(self) -> tuple[str, ...]:
        """The suggestions without villages, few enough to stand in every page."""
        return self._names_of(RegionLevel.SUBDISTRICT)

    def _names_of(self, down_to: RegionLevel) -> tuple[str, ...]:
        places = sorted(self.places.values(), key=lambda p: (p.level, p.code))
        return tuple(
            self.name_within(place.code) for place in places if place.level <= down_to
        )


NEWEST = PlainSelect(
    sa.select(sa.func.max(ListImport.id)).where(ListImport.name == NAME)
)


def gazetteer() -> Gazetteer:
    """Return the regions, read again after each import."""
    newest = NEWEST.first()[0]
    return _read(str(current_app.config["SQLALCHEMY_DATABASE_URI"]), newest or 0)


def code_of(text: str) -> str | None:
    """Return the BPS code of the region that `text` names, if it is one of ours."""
    place = gazetteer().find(text) if text else None
    return place.code if place else None


@lru_cache(maxsize=4)
def _read(database: str, version: int) -> Gazetteer:
    places: dict[str, GazetteerEntry] = {}
    by_key: defaultdict[str, dict[str, None]] = defaultdict(dict)
    ids: dict[int, str] = {}
    rows = db.session.scalars(sa.select(Region).where(Region.withdrawn_at.is_(None)))
    for row in rows:
        ids[row.id] = code = row.bps_code
        places[code] = GazetteerEntry(
            code, row.level, row.title, row.name, row.kemendagri_code
        )
        by_key[names.key_of(row.name)][code] = None
        by_key[names.key_of(code)][code] = None
    for id, name in db.session.execute(
        sa.select(RegionName.region_id, RegionName.name)
    ):
        if id in ids:
            by_key[names.key_of(name)][ids[id]] = None
    return Gazetteer(places, {key: tuple(codes) for key, codes in by_key.items()})
