"""Drafts of articles, made from what an officer marked in a conversation."""

from dataclasses import dataclass, replace
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from pst.consultations.messages import Message
from pst.consultations.models import Consultation
from pst.database import db
from pst.knowledge import privacy
from pst.knowledge.article.content import Content, Topic
from pst.knowledge.documents import ARTICLE
from pst.knowledge.models import Article
from pst.search import engine
from pst.search.storage import store
from pst.web.formats.written_text import markdown


@dataclass
class Material:
    """What an officer marked in a conversation, ready to become an article."""

    consultation: Consultation

    @cached_property
    def marked(self) -> list[Message]:
        """The marked messages and final answers, in the order they were said."""
        return list(
            db.session.scalars(
                sa.select(Message)
                .where(
                    Message.consultation_id == self.consultation.id,
                    sa.or_(Message.is_final, Message.is_flagged),
                )
                .order_by(Message.id)
            )
        )

    @property
    def answer(self) -> str:
        """The marked words as Markdown, the user's as quotations."""
        parts = [
            _quoted(markdown(message.body))
            if message.author_id == self.consultation.user_id
            else markdown(message.body)
            for message in self.marked
        ]
        return "\n\n".join(parts)

    @property
    def content(self) -> Content:
        """A draft: the question, then what was marked."""
        description = markdown(self.consultation.description)
        question = f"**Pertanyaan**\n\n{description}"
        return Content(
            title=self.consultation.subject,
            body=f"{question}\n\n**Jawaban**\n\n{self.answer}".strip(),
            topic=Topic(self.consultation.category.value),
        )

    @cached_property
    def similar(self) -> tuple[engine.Hit, ...]:
        """Articles that may already answer the question."""
        subject, text = self.consultation.subject, self.consultation.description
        return engine.about(store.reading(), subject, text, ARTICLE, 5).hits

    @cached_property
    def articles(self) -> list[Article]:
        """Articles that came from this conversation already."""
        ids = Article.ids_from(self.consultation.id)
        query = sa.select(Article).where(Article.id.in_(ids)).order_by(Article.id)
        return list(db.session.scalars(query.options(joinedload(Article.latest))))


def with_more(content: Content, answer: str) -> Content:
    """Return `content` with an answer from a conversation added to its body."""
    body = f"{content.body}\n\n{answer}".strip() if answer else content.body
    return replace(content, body=body)


def marked(
    text: str, findings: list[privacy.Finding]
) -> list[tuple[str, privacy.Finding | None]]:
    """Return the text around each finding, in pieces with their finding or None."""
    pieces: list[tuple[str, privacy.Finding | None]] = []
    end = 0
    for finding in findings:
        pieces.append((text[max(end, finding.start - 60) : finding.start], None))
        pieces.append((finding.text, finding))
        end = finding.end
    return pieces


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines())
