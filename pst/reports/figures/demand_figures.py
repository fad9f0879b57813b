"""What data users asked for in a period, without what could identify a user."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from pst.catalogue.models import CatalogueItem
from pst.consultations.answers import code_decisions
from pst.consultations.answers.code_decisions import words_of
from pst.consultations.messages import ERASED, Message
from pst.consultations.models import Consultation
from pst.consultations.states import Category
from pst.consultations.verbs.ending import SUBDISTRICT_DIGITS
from pst.database import db
from pst.regions.resolving import gazetteer
from pst.reports.figures.disclosure.redaction import masked
from pst.reports.figures.themes import most_common, stems_of
from pst.reports.periods import Period, within

SUBJECTS_READ = 2_000
WORDS_SHOWN = 15
UNPUBLISHED_SHOWN = 100
ACTIVITY_LENGTH = 200
# A word that fewer people used could be the name of one of them.
MIN_PEOPLE = 3
C = Consultation


@dataclass
class DemandFigures:
    """What the users who asked in `period` needed."""

    period: Period

    @cached_property
    def levels(self) -> dict[str, Any]:
        """How detailed the data were to be: consultations of the kind Data."""
        level = sa.func.coalesce(C.details["level"].as_string(), "")
        often = sa.func.count()
        rows = db.session.execute(
            sa.select(level, often)
            .where(within(self.period, C.asked_at), C.category == Category.DATA)
            .group_by(level)
            .order_by(often.desc(), level)
        )
        counts = {code: count for code, count in rows}
        return {"count": sum(counts.values()), "level": counts}

    @cached_property
    def areas(self) -> list[tuple[str, int]]:
        """The kecamatan and larger regions that the consultations are about."""
        area = sa.func.substr(C.area_code, 1, SUBDISTRICT_DIGITS)
        often = sa.func.count()
        rows = db.session.execute(
            sa.select(area, often)
            .where(within(self.period, C.asked_at), C.area_code.is_not(None))
            .group_by(area)
            .order_by(often.desc(), area)
        )
        places = gazetteer().places
        return [
            (places[code].title if code in places else code, count)
            for code, count in rows
        ]

    @cached_property
    def codes(self) -> list[tuple[str, str]]:
        """The activities that codes were asked for, with those that were given."""
        decisions = code_decisions.consultations_with_codes(
            within(self.period, C.asked_at)
        )
        return [
            (masked(words_of(each), each.user)[:ACTIVITY_LENGTH], "; ".join(codes))
            for each, codes in decisions
        ]

    @cached_property
    def unpublished(self) -> list[tuple[str, str]]:
        """What an answer or the closing called not published, and what is nearest."""
        nearest = self._nearest
        items = CatalogueItem.id.in_([id for id in nearest.values() if id])
        pairs = sa.select(CatalogueItem.id, CatalogueItem.title).where(items)
        titles = {id: title for id, title in db.session.execute(pairs)}
        rows = db.session.scalars(
            sa.select(C)
            .where(C.id.in_(nearest), C.subject != ERASED)
            .order_by(C.id)
            .options(joinedload(C.user))
        )
        return [
            (
                masked(each.subject, each.user)[:ACTIVITY_LENGTH],
                titles.get(nearest[each.id] or 0, ""),
            )
            for each in rows
        ]

    @cached_property
    def _nearest(self) -> dict[int, int | None]:
        """The item nearest to what is not published, by consultation, as said last."""
        rows = db.session.execute(
            sa.select(Message.consultation_id, Message.data)
            .where(
                within(self.period, Message.created_at),
                Message.data["unavailable"].as_boolean(),
            )
            .order_by(Message.id.desc())
            .limit(UNPUBLISHED_SHOWN)
        )
        nearest: dict[int, int | None] = {}
        for id, data in rows:
            nearest.setdefault(id, data["nearest"])
        return nearest

    @cached_property
    def subjects(self) -> list[tuple[str, int]]:
        """The words that stand in most subjects, of several people."""
        rows = db.session.execute(
            sa.select(C.subject, C.user_id)
            .where(within(self.period, C.asked_at), C.subject != ERASED)
            .order_by(C.asked_at.desc(), C.id.desc())
            .limit(SUBJECTS_READ)
        )
        often: Counter[str] = Counter()
        people: defaultdict[str, set[int]] = defaultdict(set)
        spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for subject, user_id in rows:
            words = dict(stems_of(subject))
            often.update(words.keys())
            for stem, word in words.items():
                people[stem].add(user_id)
                spellings[stem][word] += 1
        common = [stem for stem, _ in most_common(often) if _is_common(people[stem])]
        return [
            (spellings[stem].most_common(1)[0][0], often[stem])
            for stem in common[:WORDS_SHOWN]
        ]


def _is_common(people: set[int]) -> bool:
    return len(people) >= MIN_PEOPLE
