"""Files that are to go along with the follow-up mail being written."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import FileStorage

from pst.database import db
from pst.knowledge.article.files import MAX_BYTES, BadFile, SafeFile, check
from pst.uploads.file_types import MEDIA_TYPES, shown_name

# Mail servers commonly refuse a mail of more than ten megabytes, coded by a third more.
MAX_FILES, MAX_TOTAL_BYTES = 5, 7_000_000
TOO_MANY = "Paling banyak 5 berkas, bersama-sama paling besar 7 MB."


class FollowUpFile(db.Model):
    """One file of a mail that is not sent yet."""

    id: Mapped[int] = mapped_column(primary_key=True)
    follow_up_id: Mapped[int] = mapped_column(sa.ForeignKey("follow_up.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    type: Mapped[str] = mapped_column(sa.String(80))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(deferred=True)


def files_of(follow_up_id: int) -> list[FollowUpFile]:
    """Return the files that wait with the mail, as they were added."""
    query = sa.select(FollowUpFile).filter_by(follow_up_id=follow_up_id)
    return list(db.session.scalars(query.order_by(FollowUpFile.id)))


def drop(follow_up_id: int, *, but: Collection[str] = ()) -> None:
    """Delete the files, except those whose ids are still wanted."""
    for file in files_of(follow_up_id):
        if str(file.id) not in but:
            db.session.delete(file)
    db.session.flush()


def look_at(uploads: Sequence[FileStorage]) -> tuple[list[SafeFile], list[str]]:
    """Return the files that may go, and why others may not.

    It is slow: never call it while a transaction is open.
    """
    good: list[SafeFile] = []
    refusals: list[str] = []
    for file in uploads[: MAX_FILES + 1]:
        name = file.filename or ""
        try:
            good.append(check(name, file.stream.read(MAX_BYTES + 1)))
        except BadFile as error:
            refusals.append(f"{shown_name(name)}: {error}")
    return good, refusals


def keep(follow_up_id: int, files: Sequence[SafeFile]) -> list[str]:
    """Keep the files as far as there is room; return what is wrong with the rest."""
    waiting = files_of(follow_up_id)
    count, total = len(waiting), sum(file.size for file in waiting)
    for file in files:
        count, total = count + 1, total + len(file.content)
        if count > MAX_FILES or total > MAX_TOTAL_BYTES:
            return [TOO_MANY]
        db.session.add(
            FollowUpFile(
                follow_up_id=follow_up_id,
                name=file.name,
                type=MEDIA_TYPES[file.format],
                size=len(file.content),
                content=file.content,
            )
        )
    return []
