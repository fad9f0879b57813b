"""An article's columns and questions, and its moves; the verbs stand in `models`."""

from datetime import datetime
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, joinedload, mapped_column

from pst import clock
from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.database import db
from pst.knowledge.article import slugs
from pst.knowledge.article.content import Content
from pst.knowledge.article.origins import ArticleOrigin
from pst.knowledge.article.revisions import Revision
from pst.knowledge.article.states import NEXT, ArticleState
from pst.office import audit
from pst.rules import STATE_CHANGED, WrongState


class ArticleRow(db.Model):
    """What an article keeps, and how it moves from state to state."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(slugs.SLUG_LENGTH), unique=True)
    state: Mapped[ArticleState] = mapped_column(index=True)
    # The newest revision, and the one the public reads.
    number: Mapped[int]
    published_number: Mapped[int | None]
    consultation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("consultation.id"), index=True
    )
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("article.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(index=True)
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    replaced_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("article.id"))

    @property
    def is_published(self) -> bool:
        return self.published_number is not None

    @property
    def is_withdrawn(self) -> bool:
        """Return whether the public could read the article once, and no longer."""
        return self.is_archived and self.published_at is not None

    @property
    def is_draft(self) -> bool:
        return self.state is ArticleState.DRAFT

    @property
    def is_in_review(self) -> bool:
        return self.state is ArticleState.REVIEW

    @property
    def is_archived(self) -> bool:
        return self.state is ArticleState.ARCHIVED

    @property
    def audit_subject(self) -> str:
        return f"article:{self.id}"

    @property
    def consultations(self) -> list[Consultation]:
        """The conversations it came from, and those of all that was merged into it."""
        cls = type(self)
        ids, new = {self.id}, {self.id}
        while new:
            sources = sa.select(cls.id).where(cls.merged_into_id.in_(new))
            new = {*db.session.scalars(sources)} - ids
            ids |= new
        pairs = cls.origins()
        of_these = sa.select(pairs.c.consultation_id).where(pairs.c.article_id.in_(ids))
        query = sa.select(Consultation).where(Consultation.id.in_(of_these))
        query = query.options(joinedload(Consultation.user))
        return list(db.session.scalars(query.order_by(Consultation.id)))

    # Private

    def _revise(self, content: Content, by: User | None) -> None:
        """Add a revision in any state."""
        self.number += 1
        db.session.add(Revision.of(self.id, self.number, content, by))
        db.session.flush()
        db.session.expire(self, ["latest", "revisions"])

    def _move(self, to: ArticleState, by: User | None) -> None:
        if to not in NEXT[self.state] and by is not None:
            raise WrongState(STATE_CHANGED)
        before, self.state = self.state, to
        self.changed_at = clock.now()
        audit.record(
            "move_article",
            self.audit_subject,
            by.id if by else None,
            before=before.value,
            after=to.value,
            revision=self.number,
        )

    # Selections

    @classmethod
    def origins(cls) -> sa.Subquery:
        """Pair the articles with the conversations they came from."""
        first = sa.select(cls.id.label("article_id"), cls.consultation_id)
        more = sa.select(ArticleOrigin.article_id, ArticleOrigin.consultation_id)
        is_from_one = cls.consultation_id.is_not(None)
        return sa.union_all(first.where(is_from_one), more).subquery("origins")

    @classmethod
    def ids_from(
        cls, consultation_id: int | sa.SQLColumnExpression[int]
    ) -> sa.Select[tuple[int]]:
        """Select the ids of the articles that came from a conversation, or partly."""
        pairs = cls.origins()
        is_of_it = pairs.c.consultation_id == consultation_id
        return sa.select(pairs.c.article_id).where(is_of_it)

    @classmethod
    def at_address(cls, address: str) -> Self:
        """Return the published article at `address`, whole or only its last part.

        Raise `WrongState` when there is none.
        """
        slug = address.strip().rstrip("/").rpartition("/")[2]
        article = db.session.scalar(
            sa.select(cls).filter_by(slug=slug).where(cls.published_number.is_not(None))
        )
        if article is None:
            raise WrongState("Artikel pengganti tidak ditemukan di antara yang terbit.")
        return article

    @classmethod
    def free_slug(cls, text: str) -> str:
        """Return a slug made from `text` that no article has yet."""
        slug = slugs.slug_of(text)
        alike = sa.select(cls.slug).where(cls.slug.startswith(slugs.stem_of(slug)))
        return slugs.first_free(slug, set(db.session.scalars(alike)))
