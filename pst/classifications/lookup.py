"""Finding a code by its digits, by its title, or by what a business does."""

import re
from dataclasses import dataclass, field
from functools import cached_property

import sqlalchemy as sa

from pst.classifications.activities import ranking
from pst.classifications.activities import words as activity_words
from pst.classifications.activities.query import ActivityQuery
from pst.classifications.families import normal_code
from pst.classifications.models import Classification, Code
from pst.database import db
from pst.search.language import indonesian
from pst.search.storage import store

LIMIT = 10
# A code by itself, with or without the name of its edition or the word for it.
TYPED = re.compile(
    r"\s*(?:kode\s+)?(?:(kbli|kbji|kbki)\W*)?((?:19|20)\d\d(?=\s+\S))?\s*"
    r"([a-v]|\d[\d.\s]{0,12})\s*",
    re.I,
)
MAX_CODES = 40
MAX_ACTIVITY_LENGTH, MIN_ACTIVITY_LENGTH, OFFERED = 2_000, 5, 4
# In a search for anything: so many codes, of so many digits, and named so well.
AMONG_OTHERS, SHORTEST, NAMED = 3, 4, 0.7
YEAR = re.compile(r"(?:19|20)\d\d")
# Sections and divisions say little about one activity.
TOO_COARSE = 2


@dataclass(frozen=True)
class CodeHit:
    """One code that a look-up offers; `is_sure` when it is taken to answer."""

    code: Code
    is_sure: bool = True
    # How well its title or an example says what is asked, up to 1.
    named: float = 1.0


@dataclass
class LookUp:
    """What a person typed into the look-up of codes, in one edition."""

    words: str
    edition: Classification | None
    limit: int = LIMIT

    @property
    def is_asked(self) -> bool:
        return bool(self.words.strip())

    @property
    def typed_code(self) -> str:
        """Return the code that was typed; "" when words were."""
        match = TYPED.fullmatch(self.words[:60])
        return normal_code(match[3]) if match else ""

    @cached_property
    def query(self) -> ActivityQuery:
        return ActivityQuery(store.reading(), self.words)

    @property
    def corrected(self) -> str | None:
        """Return the words with their mistakes corrected; None when there are none."""
        if self.typed_code or not self.query.corrected:
            return None
        return indonesian.replace_words(self.words, self.query.corrected)

    @cached_property
    def results(self) -> list[CodeHit]:
        if not self.is_asked or self.edition is None:
            return []
        if self.typed_code:
            return [CodeHit(code) for code in self._with_code(self.typed_code)]
        return self._by_activity(self.edition)

    @property
    def sure(self) -> list[CodeHit]:
        return [result for result in self.results if result.is_sure]

    @property
    def among_others(self) -> list[CodeHit]:
        """Return what a search for anything shows: codes only where one is meant."""
        if self.edition is None or not self.is_asked:
            return []
        is_named = activity_words.names_codes(self.words)
        if self.typed_code:
            is_year = YEAR.fullmatch(self.typed_code) and not is_named
            is_short = len(self.typed_code) < SHORTEST and not is_named
            return [] if is_year or is_short else self.results[:AMONG_OTHERS]
        if activity_words.asks_figures(self.words) and not is_named:
            return []
        is_about_codes = is_named or self.query.deed is not None
        return [
            result for result in self.sure if is_about_codes or result.named >= NAMED
        ][:AMONG_OTHERS]

    def _with_code(self, text: str) -> list[Code]:
        """Return the code and those below it; with a lost zero if there is no such."""
        assert self.edition is not None
        for start in (text, f"0{text}"):
            codes = list(
                db.session.scalars(
                    sa.select(Code)
                    .where(
                        Code.classification_id == self.edition.id,
                        Code.code.startswith(start, autoescape=True),
                        Code.withdrawn_at.is_(None),
                    )
                    .order_by(sa.func.length(Code.code), Code.code)
                    .limit(MAX_CODES)
                )
            )
            if codes:
                return codes
        return []

    def _by_activity(self, edition: Classification) -> list[CodeHit]:
        finest = len(edition.family.levels)
        matches = ranking.rank(store.reading(), self.query, edition.id, finest)
        near = ranking.NEAR_THE_BEST * matches[0].score if matches else 0.0
        close = [each for each in matches if each.score > max(near, 0.0)]
        fine = [each for each in close if each.depth > TOO_COARSE] or close
        ids = [each.id for each in fine]
        query = sa.select(Code).where(Code.id.in_(ids))
        codes = {code.id: code for code in db.session.scalars(query)}
        results: list[CodeHit] = []
        for each in fine:
            code = codes[each.id]
            # A coarser code adds nothing to one that lies in it.
            if not any(result.code.code.startswith(code.code) for result in results):
                results.append(CodeHit(code, each.is_sure, each.named))
        return results[: self.limit]


@dataclass
class Editions:
    """The editions there are, and the one that is asked."""

    slug: str | None = None
    all: list[Classification] = field(default_factory=Classification.all)

    @property
    def current(self) -> Classification | None:
        """Return the edition named, or the newest of the first family."""
        editions = [each for each in self.all if each.slug == self.slug]
        return next(iter(editions or self.all), None)


def codes_for(words: str) -> list[CodeHit]:
    """Return the codes that a search for anything shows next to its other results."""
    return LookUp(words, Editions().current).among_others


def candidates_for(activity: str) -> list[CodeHit]:
    """Return the codes that an activity may have, the likeliest first."""
    words = activity.strip()[:MAX_ACTIVITY_LENGTH]
    if len(words) < MIN_ACTIVITY_LENGTH:
        return []
    return LookUp(words, Editions().current, OFFERED).results
