"""The removal of article files that nothing names."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from pst import clock
from pst.consultations.answers.canned import CannedAnswer
from pst.consultations.answers.drafts import Draft
from pst.consultations.messages import EarlierWords, Message
from pst.database import db, reading, transaction
from pst.knowledge.article.files import ADDRESS, FOLDER, ArticleFile, tokens_in
from pst.knowledge.article.revisions import Revision
from pst.office import audit
from pst.outbox.models import OutboxMail
from pst.uploads.sweeping import sweep

# So long an article that an officer's browser keeps may still come to name it.
FORGOTTEN_AFTER = timedelta(days=90)
# Where people write the address of a file; the second ones grow without an end.
TEXTS = (
    Revision.body,
    Revision.answer_note,
    Revision.source,
    Revision.review_note,
    Draft.body,
    CannedAnswer.body,
)
Growing = type[Message | EarlierWords | OutboxMail]
GROWING: tuple[Growing, ...] = (Message, EarlierWords, OutboxMail)


def sweep_article_files() -> None:
    """Delete old files of articles that no version and no message names.

    Safe during uploads and saving. Raises `StrangeStore`.
    """
    before = clock.now() - FORGOTTEN_AFTER
    is_old = ArticleFile.added_at < before
    with reading():
        newest = {table: _newest_id(table) for table in GROWING}
        files = db.session.execute(
            sa.select(ArticleFile.token, ArticleFile.id).where(is_old)
        )
        old = {token: id for token, id in files}
        unused = old.keys() - _tokens_in_texts() if old else set()
    for token in sorted(unused):
        with transaction():
            file = db.session.get(ArticleFile, old[token])
            if (
                file
                and file.added_at < before
                and token not in _tokens_in_texts(newest)
            ):
                audit.record(
                    "drop_file", file.article.audit_subject, None, file=file.id
                )
                db.session.delete(file)
    with reading():
        in_use = set(db.session.scalars(sa.select(ArticleFile.token)))
    sweep(FOLDER, before, in_use)


def _tokens_in_texts(newest: dict[Growing, int] | None = None) -> set[str]:
    """Return the tokens of the files that some text names.

    After a first look only what was written since is asked of the tables that grow:
    what is newer than the `newest` ids then, and corrected messages.
    """
    texts: list[tuple[Any, Any]] = [(column, sa.true()) for column in TEXTS]
    texts += [(each.body, each.id > (newest or {}).get(each, 0)) for each in GROWING]
    if newest:
        texts.append((Message.body, Message.correction.is_not(None)))
    tokens: set[str] = set()
    for column, is_asked in texts:
        bodies = sa.select(column).where(is_asked, column.contains(ADDRESS))
        for text in db.session.scalars(bodies):
            tokens |= tokens_in(text)
    return tokens


def _newest_id(table: Growing) -> int:
    return db.session.scalar(sa.select(sa.func.max(table.id))) or 0
