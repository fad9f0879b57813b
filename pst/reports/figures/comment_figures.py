"""What users wrote in a period: by theme, by recurring word, and quoted."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.database import db
from pst.feedback.models import Rating
from pst.reports.figures.disclosure.redaction import AUTHOR_COLUMNS, masked
from pst.reports.figures.themes import CommentTheme, most_common, stems_of
from pst.reports.periods import Period, within

ROWS_SHOWN = 200
WORDS_READ = 5_000
WORDS_SHOWN = 15
MIN_OFTEN = 2


@dataclass
class CommentFigures:
    """The comments that came with the ratings of `period`."""

    period: Period

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The comments, lowest ratings first, without personal data."""
        rows = db.session.execute(
            sa.select(
                Rating.id,
                Rating.score,
                Rating.comment,
                Consultation.category,
                *AUTHOR_COLUMNS,
                CommentTheme.theme,
                CommentTheme.quote,
            )
            .join(Consultation, Rating.consultation_id == Consultation.id)
            .join(User, Consultation.user_id == User.id)
            .outerjoin(CommentTheme, CommentTheme.rating_id == Rating.id)
            .where(self._written)
            .order_by(Rating.score, Rating.id)
            .limit(ROWS_SHOWN)
        )
        return [
            {
                "rating": row.id,
                "score": row.score,
                "category": row.category.value,
                "text": masked(row.comment, row),
                "theme": row.theme,
                "quote": row.quote or "",
            }
            for row in rows
        ]

    @cached_property
    def themes(self) -> list[dict[str, Any]]:
        """How many comments, and how rated, by the theme an officer decided on."""
        rows = db.session.execute(
            sa.select(CommentTheme.theme, sa.func.count(), sa.func.sum(Rating.score))
            .select_from(Rating)
            .outerjoin(CommentTheme, CommentTheme.rating_id == Rating.id)
            .where(self._written)
            .group_by(CommentTheme.theme)
            .order_by(sa.func.count().desc(), CommentTheme.theme.nulls_first())
        )
        return [
            {"theme": theme or "", "count": count, "mean": total / count}
            for theme, count, total in rows
        ]

    @cached_property
    def words(self) -> list[tuple[str, int]]:
        """The words that stand in most comments, as they are mostly written."""
        often: Counter[str] = Counter()
        spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for comment in self._texts:
            pairs = stems_of(comment)
            often.update({stem for stem, _ in pairs})
            for stem, word in pairs:
                spellings[stem][word] += 1
        return [
            (spellings[stem].most_common(1)[0][0], count)
            for stem, count in most_common(often)[:WORDS_SHOWN]
            if count >= MIN_OFTEN
        ]

    @cached_property
    def _texts(self) -> Sequence[str]:
        query = sa.select(Rating.comment).where(self._written).order_by(Rating.id)
        return db.session.scalars(query.limit(WORDS_READ)).all()

    @cached_property
    def _written(self) -> sa.ColumnElement[bool]:
        return sa.and_(within(self.period, Rating.rated_at), Rating.comment != "")
