"""The removal of article files that nothing names."""

from datetime import timedelta

import sqlalchemy as sa

from pst import clock
from pst.consultations.answers.canned import CannedAnswer
from pst.consultations.answers.drafts import Draft
from pst.consultations.messages import Message
from pst.database import db, reading, transaction
from pst.knowledge.article.files import ADDRESS, FOLDER, ArticleFile, tokens_in
from pst.knowledge.article.revisions import Revision
from pst.office import audit
from pst.outbox.models import OutboxMail
from pst.uploads.sweeping import sweep

# So long an article that an officer's browser keeps may still come to name it.
FORGOTTEN_AFTER = timedelta(days=90)
# Where people write the address of a file.
TEXTS = (
    Revision.body,
    Revision.answer_note,
    Revision.source,
    Revision.review_note,
    Message.body,
    Draft.body,
    CannedAnswer.body,
    OutboxMail.body,
)


def sweep_article_files() -> None:
    """Delete old files of articles that no version and no message names.

    Safe during uploads and saving. Raises `StrangeStore`.
    """
    before = clock.now() - FORGOTTEN_AFTER
    is_old = ArticleFile.added_at < before
    with reading():
        files = db.session.execute(
            sa.select(ArticleFile.token, ArticleFile.id).where(is_old)
        )
        old = {token: id for token, id in files}
        unused = old.keys() - _tokens_in_texts() if old else set()
    for token in sorted(unused):
        with transaction():
            file = db.session.get(ArticleFile, old[token])
            if file and file.added_at < before and not _is_in_a_version(token):
                audit.record(
                    "drop_file", file.article.audit_subject, None, file=file.id
                )
                db.session.delete(file)
    with reading():
        in_use = set(db.session.scalars(sa.select(ArticleFile.token)))
    sweep(FOLDER, before, in_use)


def _tokens_in_texts() -> set[str]:
    """Return the tokens of the files that some text names."""
    tokens: set[str] = set()
    for column in TEXTS:
        texts = sa.select(column).where(column.contains(ADDRESS))
        for text in db.session.scalars(texts):
            tokens |= tokens_in(text)
    return tokens


def _is_in_a_version(token: str) -> bool:
    """Look again: a version may have been saved since."""
    naming = sa.select(Revision.id).where(
        Revision.body.contains(token, autoescape=True)
    )
    return db.session.scalar(naming.limit(1)) is not None
