"""Articles: written as drafts, reviewed by a second officer, published, archived.

An article is a name and a state; its words are in its revisions, of which every one is
kept. What the public reads is the revision that was published last, also while a newer
one is being written.
"""

import re
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.access import Role
from pst.accounts.models import User
from pst.consultations.models import Consultation
from pst.database import db
from pst.errors import WrongState
from pst.knowledge import privacy
from pst.knowledge.revisions import Content, Overtaken, Revision
from pst.office import audit
from pst.search import engine, indonesian

# What the search calls articles.
ARTICLE = engine.Kind(0)
SLUG_LENGTH = 120


class State(StrEnum):
    """Where the newest revision of an article stands."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    ARCHIVED = "archived"


NEXT = {
    State.DRAFT: {State.DRAFT, State.REVIEW, State.ARCHIVED},
    State.REVIEW: {State.DRAFT, State.PUBLISHED, State.ARCHIVED},
    State.PUBLISHED: {State.DRAFT, State.ARCHIVED},
    State.ARCHIVED: {State.DRAFT},
}


class PersonalDataLeft(WrongState):
    """The draft holds personal data that nobody has confirmed."""


class Article(db.Model):
    """One answer, found by search once it is published."""

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(SLUG_LENGTH), unique=True)
    state: Mapped[State] = mapped_column(index=True)
    # The newest revision, and the one the public reads.
    number: Mapped[int]
    published_number: Mapped[int | None]
    consultation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("consultation.id"), index=True
    )
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("article.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(index=True)
    published_at: Mapped[datetime | None]

    consultation: Mapped[Consultation | None] = relationship()
    merged_into: Mapped["Article | None"] = relationship(remote_side=id)
    revisions: Mapped[list["Revision"]] = relationship(
        back_populates="article", order_by="Revision.number.desc()"
    )
    latest: Mapped["Revision"] = relationship(
        primaryjoin="and_(Revision.article_id == Article.id,"
        " Revision.number == Article.number)",
        viewonly=True,
        uselist=False,
    )
    published: Mapped["Revision | None"] = relationship(
        primaryjoin="and_(Revision.article_id == Article.id,"
        " Revision.number == Article.published_number)",
        viewonly=True,
        uselist=False,
    )

    # Makers

    @classmethod
    def draft(
        cls,
        content: Content,
        by: User | None,
        *,
        slug: str | None = None,
        consultation: Consultation | None = None,
    ) -> Self:
        """Begin an article; `by` is None when it is imported."""
        now = clock.now()
        article = cls(
            slug=cls.free_slug(slug or content.title),
            state=State.DRAFT,
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
        db.session.add(Revision.of(article, content, by))
        db.session.flush()
        audit.record("draft_article", article.audit_subject, by.id if by else None)
        return article

    # Verbs

    def write(self, content: Content, by: User | None, base: int) -> None:
        """Keep `content` as a new revision, written over revision `base`.

        Raises `Overtaken` when somebody saved since `base` was read; equal content
        changes nothing.
        """
        self.require_newest(base)
        if content == self.latest.content:
            return
        if self.state is State.ARCHIVED:
            raise WrongState("Artikel ini diarsipkan. Pulihkan dahulu.")
        self._move(State.DRAFT, by)
        self._revise(content, by)

    def require_newest(self, base: int) -> None:
        """Raise `Overtaken` when somebody saved since revision `base` was read."""
        if base != self.number:
            raise Overtaken(self.latest)

    def submit(self, by: User) -> None:
        """Ask a second officer to review the newest revision."""
        self._move(State.REVIEW, by)

    def send_back(self, by: User, note: str, corrected: Content | None = None) -> None:
        """Return what is under review to its writer, with a reason.

        What the reviewer has `corrected` already is kept as a revision.
        """
        if self.state is not State.REVIEW:
            raise WrongState("Artikel ini tidak sedang ditinjau.")
        self._move(State.DRAFT, by)
        if corrected is not None:
            self._revise(corrected, by)
        self.latest.review_note = note

    def publish(
        self,
        by: User | None,
        confirmed: frozenset[str] = frozenset(),
        corrected: Content | None = None,
    ) -> None:
        """Let the public read and find the newest revision.

        What the reviewer has `corrected` while looking it over becomes that revision:
        then too, two people have had it before their eyes. Raises `PersonalDataLeft`
        unless every finding of personal data is among `confirmed`, and `WrongState`
        when `by` wrote it and somebody else can review.
        """
        if by is not None:
            if not self.can_be_published_by(by):
                raise WrongState("Tinjauan dilakukan oleh petugas lain.")
            found = self.findings(corrected)
            if any(finding.key not in confirmed for finding in found):
                raise PersonalDataLeft(
                    "Masih ada data pribadi yang belum dihapus atau dikonfirmasi."
                )
        if corrected is not None:
            self._revise(corrected, by)
        self._move(State.PUBLISHED, by)
        self.published_number = self.number
        self.published_at = clock.now()
        self.latest.reviewer = by
        db.session.flush()
        db.session.expire(self, ["published"])
        engine.write(db.session.connection(), self.document())

    def archive(self, by: User | None, merged_into: "Article | None" = None) -> None:
        """Take the article off the public pages; links lead to `merged_into`."""
        self._move(State.ARCHIVED, by)
        self.published_number = None
        self.merged_into = merged_into
        db.session.flush()
        engine.remove(db.session.connection(), ARTICLE, self.id)

    def restore(self, by: User) -> None:
        """Make a draft of an archived article again."""
        self._move(State.DRAFT, by)
        self.merged_into = None

    def merge(self, other: "Article", by: User) -> None:
        """Take the words of `other` into a new revision; archive `other`."""
        if other.id == self.id:
            raise WrongState("Pilih artikel lain untuk digabungkan.")
        mine, theirs = self.latest.content, other.latest.content
        merged = asdict(mine) | {
            "topic": mine.topic,
            "answer": mine.answer,
            "body": f"{mine.body}\n\n{theirs.body}",
            "tags": _joined(mine.tags, theirs.tags),
            "synonyms": _joined(mine.synonyms, (theirs.title, *theirs.synonyms)),
        }
        self.write(Content(**merged), by, self.number)
        if self.consultation_id is None:
            self.consultation = other.consultation
        other.archive(by, merged_into=self)

    # Questions

    def document(self) -> engine.Document:
        """What the index knows of the published revision."""
        assert self.published is not None
        return engine.Document(
            ARTICLE,
            self.id,
            self.slug,
            self.published.title,
            self.published.topic.value,
            self.published.body,
            tuple(self.published.tags),
            tuple(self.published.synonyms),
        )

    def findings(self, content: Content | None = None) -> list[privacy.Finding]:
        """Personal data in `content`, or else in the newest revision."""
        known = privacy.known_of(self.consultation.user) if self.consultation else ()
        return privacy.findings((content or self.latest.content).whole_text, known)

    def can_be_published_by(self, officer: User) -> bool:
        """Say whether `officer` is the second pair of eyes, or the only one."""
        if self.state is not State.REVIEW or not officer.is_officer:
            return False
        return self.latest.author_id != officer.id or not _has_colleagues(officer)

    @property
    def can_be_written(self) -> bool:
        return self.state is not State.ARCHIVED

    @property
    def is_published(self) -> bool:
        return self.published_number is not None

    @property
    def is_draft(self) -> bool:
        return self.state is State.DRAFT

    @property
    def is_in_review(self) -> bool:
        return self.state is State.REVIEW

    @property
    def is_archived(self) -> bool:
        return self.state is State.ARCHIVED

    @property
    def audit_subject(self) -> str:
        return f"article:{self.id}"

    # Selections

    @classmethod
    def visible_to(cls, person: Any) -> sa.Select[Self]:
        """Choose what `person` may know of: the published; officers and head all."""
        chosen = sa.select(cls)
        if getattr(person, "role", None) in (Role.OFFICER, Role.HEAD):
            return chosen
        return chosen.where(
            sa.or_(cls.published_number.is_not(None), cls.merged_into_id.is_not(None))
        )

    @classmethod
    def free_slug(cls, text: str) -> str:
        """Make an address from `text` that no article has."""
        base = slug_of(text)
        begin = base[: SLUG_LENGTH - 6].rstrip("-")  # there is room for a number behind
        alike = sa.select(cls.slug).where(cls.slug.startswith(begin))
        taken = set(db.session.scalars(alike))
        if base not in taken:
            return base
        return next(
            slug
            for n in range(2, len(taken) + 3)
            if (slug := f"{begin}-{n}") not in taken
        )

    # Private

    def _revise(self, content: Content, by: User | None) -> None:
        """Add a revision, whatever the state."""
        self.number += 1
        db.session.add(Revision.of(self, content, by))
        db.session.flush()
        db.session.expire(self, ["latest", "revisions"])

    def _move(self, to: State, by: User | None) -> None:
        if to not in NEXT[self.state] and by is not None:
            raise WrongState("Keadaan artikel ini sudah berubah. Muat ulang halaman.")
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


def slug_of(text: str) -> str:
    """Write `text` as an address."""
    plain = indonesian.fold(text).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LENGTH].strip("-")
    return slug or "artikel"


def _joined(*lists: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for each in lists for text in each))


def _has_colleagues(officer: User) -> bool:
    others = sa.select(User.id).where(
        User.role == Role.OFFICER, User.active, User.id != officer.id
    )
    return db.session.scalar(others.limit(1)) is not None
