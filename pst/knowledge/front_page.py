"""The questions on the first page: chosen by the office, or asked most often.

Shown are titles of articles, never what strangers typed. Of those that were opened from
a search, the most frequent are counted again every few minutes, not for each visitor.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import sqlalchemy as sa
from flask import current_app

from pst import clock
from pst.database import PlainSelect, db, filled_in, left_open
from pst.knowledge.article.revisions import Revision
from pst.knowledge.models import Article
from pst.knowledge.searches.search_log import SearchLog
from pst.office import settings

MAX_QUESTIONS = 3
COUNTED_FOR = timedelta(days=90)
KEPT_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class FrontPageQuestion:
    """An article, as the question that it answers."""

    slug: str
    title: str


def questions() -> list[FrontPageQuestion]:
    """Return up to three articles, those that the office chose first."""
    first_slugs = settings.current().home_articles.replace(",", " ").split()
    slugs = list(dict.fromkeys([*first_slugs, *_frequent()]))
    rows = _titles(len(slugs)).rows(**filled_in("slug", slugs)) if slugs else []
    titles = {slug: title for slug, title in rows}
    choice = [FrontPageQuestion(slug, titles[slug]) for slug in slugs if slug in titles]
    return choice[:MAX_QUESTIONS]


@cache  # what each visitor asks is made once
def _titles(count: int) -> PlainSelect:
    return PlainSelect(
        sa.select(Article.slug, Revision.title)
        .join(Article.published)
        .where(Article.slug.in_(left_open("slug", count)))
    )


def _frequent() -> list[str]:
    """Return the articles most often opened from a search; without any, the first."""
    cached = current_app.extensions.get("frequent_articles")
    if cached is None or cached[0] < clock.now():
        cached = clock.now() + KEPT_FOR, _count()
        current_app.extensions["frequent_articles"] = cached
    slugs: list[str] = cached[1]
    return slugs


def _count() -> list[str]:
    openings = (
        sa.select(SearchLog.clicked_id, sa.func.count().label("times"))
        .where(SearchLog.at >= clock.now() - COUNTED_FOR)
        .group_by(SearchLog.clicked_id)
        .subquery()
    )
    query = (
        sa.select(Article.slug)
        .outerjoin(openings, openings.c.clicked_id == Article.id)
        .where(Article.published_number.is_not(None))
        .order_by(sa.func.coalesce(openings.c.times, 0).desc(), Article.id)
        .limit(3 * MAX_QUESTIONS)
    )
    return list(db.session.scalars(query))
