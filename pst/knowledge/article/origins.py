"""The conversations whose answers were added to an article that existed already."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst.database import db


class ArticleOrigin(db.Model):
    """A conversation that an article came from, besides its first.

    The first is `Article.consultation_id`; `ArticleRow.origins` reads both.
    """

    article_id: Mapped[int] = mapped_column(
        sa.ForeignKey("article.id"), primary_key=True
    )
    consultation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("consultation.id"), primary_key=True, index=True
    )
