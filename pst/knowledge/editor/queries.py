"""What the editor's pages list: articles to work on, readers' votes, synonyms."""

from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy.orm import joinedload

from pst import clock
from pst.database import db
from pst.knowledge.article.revisions import Revision
from pst.knowledge.article.states import ArticleState
from pst.knowledge.models import Article
from pst.knowledge.renewed import RenewedSource
from pst.knowledge.renewed import renewed as renewed_articles
from pst.knowledge.searches.search_log import ArticleVote
from pst.office import settings
from pst.search.language.synonym_groups import SynonymGroup

PAGE_LENGTH = 25


@dataclass
class ArticleList:
    """Articles for officers, the newest change first."""

    state: ArticleState | None = None
    words: str = ""
    page: int = 1

    @cached_property
    def rows(self) -> Pagination:
        query = sa.select(Article).options(
            joinedload(Article.latest).joinedload(Revision.author)
        )
        if self.state is not None:
            query = query.where(Article.state == self.state)
        if self.words.strip():
            title = Revision.title.icontains(self.words.strip(), autoescape=True)
            query = query.where(Article.latest.has(title))
        return db.paginate(
            query.order_by(Article.changed_at.desc(), Article.id.desc()),
            page=self.page,
            per_page=PAGE_LENGTH,
            max_per_page=PAGE_LENGTH,
        )

    @cached_property
    def counts(self) -> dict[ArticleState, int]:
        rows = db.session.execute(
            sa.select(Article.state, sa.func.count()).group_by(Article.state)
        )
        return {state: count for state, count in rows}

    @cached_property
    def renewed(self) -> list[RenewedSource]:
        """Articles whose source was published again."""
        return renewed_articles()

    @cached_property
    def to_look_at(self) -> int:
        """How many published articles are past the day by which to check them."""
        return (
            db.session.scalar(
                sa.select(sa.func.count())
                .select_from(Article)
                .join(Article.published)
                .where(Revision.review_on < clock.today(settings.current().zone))
            )
            or 0
        )


@dataclass
class Votes:
    """The votes and comments of readers on one article."""

    article: Article

    @cached_property
    def rows(self) -> list[ArticleVote]:
        return list(
            db.session.scalars(
                sa.select(ArticleVote)
                .filter_by(article_id=self.article.id)
                .order_by(ArticleVote.id.desc())
                .limit(500)
            )
        )

    @property
    def helpful(self) -> int:
        return sum(vote.is_helpful for vote in self.rows)

    @property
    def unhelpful(self) -> list[ArticleVote]:
        return [vote for vote in self.rows if not vote.is_helpful]


@dataclass
class SynonymList:
    """The synonym groups, a page of them."""

    words: str = ""
    page: int = 1

    @cached_property
    def rows(self) -> Pagination:
        query = sa.select(SynonymGroup).order_by(SynonymGroup.id.desc())
        if self.words:
            query = query.where(
                SynonymGroup.terms.icontains(self.words, autoescape=True)
            )
        return db.paginate(query, page=self.page, per_page=50, max_per_page=50)
