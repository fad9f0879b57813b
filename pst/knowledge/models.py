"""Articles: written as drafts, reviewed by a second officer, published, archived.

An article is an address and a state; its content is in its revisions, all of them kept.
The public reads the one published last, even while a newer one is being written.
"""

from datetime import timedelta
from functools import partial
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from pst import clock
from pst.accounts.users import User
from pst.background import later
from pst.consultations.models import Consultation
from pst.database import db
from pst.knowledge import privacy
from pst.knowledge.article.content import Content
from pst.knowledge.article.origins import ArticleOrigin
from pst.knowledge.article.revisions import Revision
from pst.knowledge.article.row import ArticleRow
from pst.knowledge.article.states import ArticleState
from pst.knowledge.documents import ARTICLE, document_of
from pst.office import audit
from pst.rules import REVIEW_OF_OWN, Conflict, WrongState
from pst.search import engine
from pst.search.storage import store
from pst.web.access import Role

DRAW_PREVIEWS = "pst.knowledge.previews.link_previews.draw_link_previews"


class Article(ArticleRow):
    """One answer, found by search once it is published."""

    consultation: Mapped[Consultation | None] = relationship()
    revisions: Mapped[list[Revision]] = relationship(order_by=Revision.number.desc())
    latest: Mapped[Revision] = relationship(
        primaryjoin="and_(Revision.article_id == Article.id,"
        " Revision.number == Article.number)",
        viewonly=True,
        uselist=False,
    )
    published: Mapped[Revision | None] = relationship(
        primaryjoin="and_(Revision.article_id == Article.id,"
        " Revision.number == Article.published_number)",
        viewonly=True,
        uselist=False,
    )
    merged_into: Mapped["Article | None"] = relationship(
        remote_side="Article.id", foreign_keys="Article.merged_into_id"
    )
    replaced_by: Mapped["Article | None"] = relationship(
        remote_side="Article.id", foreign_keys="Article.replaced_by_id"
    )

    @classmethod
    def draft(
        cls,
        content: Content,
        by: User | None,
        *,
        consultation: Consultation | None = None,
    ) -> Self:
        """Start an article; `by` is None when it is imported."""
        now = clock.now()
        article = cls(
            slug=cls.free_slug(content.title),
            state=ArticleState.DRAFT,
            number=1,
            published_number=None,
            consultation=consultation,
            merged_into=None,
            created_at=now,
            changed_at=now,
            published_at=None,
        )
        db.session.add(article)
        db.session.flush()
        db.session.add(Revision.of(article.id, article.number, content, by))
        db.session.flush()
        audit.record("draft_article", article.audit_subject, by.id if by else None)
        return article

    # Verbs

    def write(self, content: Content, by: User | None, base: int) -> None:
        """Save `content`, which was edited from revision `base`, as a new revision.

        Equal content changes nothing. Raises `Conflict` when a newer revision than
        `base` was saved.
        """
        self.require_newest(base)
        if content == self.latest.content:
            return
        if self.state is ArticleState.ARCHIVED:
            raise WrongState("Artikel ini diarsipkan. Pulihkan dahulu.")
        self._move(ArticleState.DRAFT, by)
        self._revise(content, by)

    def require_newest(self, base: int) -> None:
        """Raise `Conflict` when a newer revision than `base` was saved."""
        if base != self.number:
            raise Conflict("Petugas lain menyimpan versi baru lebih dahulu.")

    def submit(self, by: User) -> None:
        """Ask a second officer to review the newest revision."""
        self._move(ArticleState.REVIEW, by)

    def send_back(self, by: User, note: str, content: Content | None = None) -> None:
        """Return the article to its author with a note, and the corrected `content`."""
        if self.state is not ArticleState.REVIEW:
            raise WrongState("Artikel ini tidak sedang ditinjau.")
        self._move(ArticleState.DRAFT, by)
        if content is not None:
            self._revise(content, by)
        self.latest.review_note = note

    def publish(
        self,
        by: User | None,
        confirmed: frozenset[str] = frozenset(),
        content: Content | None = None,
    ) -> None:
        """Publish the newest revision and put it into the search index.

        The reviewer's corrected `content` becomes that revision: two people have
        read it then, too. Raises `PersonalDataLeft` unless every finding of personal
        data is among `confirmed`, and `WrongState` when `by` is the author and another
        officer can review.
        """
        if by is not None:
            if not self.can_be_published_by(by):
                raise WrongState(REVIEW_OF_OWN)
            privacy.require_confirmed(self.findings(content), confirmed)
        if content is not None:
            self._revise(content, by)
        self._move(ArticleState.PUBLISHED, by)
        self.published_number = self.number
        self.published_at = clock.now()
        self.latest.reviewer = by
        db.session.flush()
        db.session.expire(self, ["published"])
        document = document_of(self.id, self.slug, self.latest)
        store.change(
            ARTICLE.number, [self.id], partial(engine.write, document=document)
        )
        later(DRAW_PREVIEWS, behind=True)

    def archive(
        self,
        by: User | None,
        *,
        merged_into: "Article | None" = None,
        replaced_by: "Article | None" = None,
    ) -> None:
        """Unpublish the article.

        Its address then leads to `merged_into`, or says that it is gone and names
        `replaced_by`.
        """
        if self in (merged_into, replaced_by):
            raise WrongState("Artikel tidak dapat digantikan oleh dirinya sendiri.")
        self._move(ArticleState.ARCHIVED, by)
        self.published_number = None
        self.merged_into, self.replaced_by = merged_into, replaced_by
        db.session.flush()
        remove = partial(engine.remove, kind=ARTICLE, source_id=self.id)
        store.change(ARTICLE.number, [self.id], remove)

    def restore(self, by: User) -> None:
        """Make the archived article a draft again."""
        self._move(ArticleState.DRAFT, by)
        self.merged_into = self.replaced_by = None

    def merge(self, other: "Article", by: User) -> None:
        """Add the content of `other` in a new revision, and archive `other`."""
        if other.id == self.id:
            raise WrongState("Pilih artikel lain untuk digabungkan.")
        content = self.latest.content.merged_with(other.latest.content)
        self.write(content, by, self.number)
        for consultation in other.consultations:
            self.add_origin(consultation)
        other.archive(by, merged_into=self)

    def add_origin(self, consultation: Consultation) -> None:
        """Note that words of `consultation` came into the article, once."""
        if self.consultation is None:
            self.consultation = consultation
        if self.consultation is not consultation:
            pair = {"article_id": self.id, "consultation_id": consultation.id}
            db.session.merge(ArticleOrigin(**pair))

    # Questions

    def findings(
        self, content: Content | None = None, adding: Consultation | None = None
    ) -> list[privacy.Finding]:
        """Return the personal data in `content`, or else in the newest revision.

        That of all users whose conversations it came from, also by merging, and of
        the one whose answer is about to be added.
        """
        consultations = [*self.consultations, *([adding] if adding else [])]
        users = dict.fromkeys(each.user for each in consultations)
        names = [each for user in users for each in privacy.known_of(user)]
        return privacy.findings((content or self.latest.content).whole_text, names)

    def can_be_published_by(self, officer: User) -> bool:
        """Return whether `officer` may review the article and publish it now."""
        is_reviewing = self.state is ArticleState.REVIEW and officer.is_officer
        return is_reviewing and self.latest.can_be_reviewed_by(officer)

    # Selections

    @classmethod
    def visible_to(cls, role: Role | None) -> sa.Select[Self]:
        """Select what was ever published; for officers and the head, all."""
        query = sa.select(cls)
        if role in (Role.OFFICER, Role.HEAD):
            return query
        return query.where(
            sa.or_(cls.published_at.is_not(None), cls.merged_into_id.is_not(None))
        )

    @classmethod
    def sent_before(cls, content: Content, by: User) -> Self | None:
        """Return the draft that `by` started today with just this content.

        The answer to the first try was lost on the way, and the form came again.
        """
        first = (
            sa.select(Revision)
            .filter_by(author_id=by.id, number=1, title=content.title)
            .where(Revision.created_at > clock.now() - timedelta(days=1))
            .order_by(Revision.id.desc())
            .limit(1)
        )
        revision = db.session.scalar(first)
        if revision is None or revision.content != content:
            return None
        article = db.session.get_one(cls, revision.article_id)
        return article if article.number == 1 and article.is_draft else None
