"""The entries of a conversation as plain rows, and the HTML of each, made once.

What an entry looks like follows from its row, from who reads it, and from a few
settings of the office. All of that is the key under which it is kept: nothing is ever
outdated.
"""

import json
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import current_app
from markupsafe import Markup

from pst.accounts.users import User
from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.messages import Event, Kind, Message
from pst.database import PlainSelect

MAX_KEPT = 2_000  # of a process; some 2 KB each


class Author(NamedTuple):
    name: str


class File(NamedTuple):
    """What an entry shows of a file."""

    id: int
    name: str
    size: int
    preview_sha256: str | None
    finding: str | None


class Entry(NamedTuple):
    """One entry, as its page needs it."""

    id: int
    kind: Kind
    event: Event | None
    author_id: int | None
    author: Author | None
    body: str
    data_text: str
    key: str | None
    created_at: datetime
    is_final: bool
    is_flagged: bool
    corrected_at: datetime | None
    correction: int | None
    attachments: tuple[File, ...]

    @property
    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self.data_text)
        return data

    @property
    def is_event(self) -> bool:
        return self.kind is Kind.EVENT

    @property
    def is_note(self) -> bool:
        return self.kind is Kind.NOTE

    @property
    def is_said(self) -> bool:
        return self.kind is Kind.MESSAGE

    def is_by(self, person: object) -> bool:
        return self.author_id is not None and self.author_id == getattr(person, "id", 0)

    def is_from(self, person_id: int) -> bool:
        return self.author_id == person_id


ENTRIES: Any = sa.select(
    Message.id,
    Message.kind,
    Message.event,
    Message.author_id,
    User.name,
    Message.body,
    sa.cast(Message.data, sa.Text),
    Message.key,
    Message.created_at,
    Message.is_final,
    Message.is_flagged,
    Message.corrected_at,
    Message.correction,
).outerjoin(User, User.id == Message.author_id)
NEWEST_FIRST: sa.Select[Any] = ENTRIES.where(
    Message.consultation_id == sa.bindparam("consultation")
).order_by(Message.id.desc())
IS_LATER = Message.id > sa.bindparam("after")
FILES = PlainSelect(
    sa.select(
        Attachment.message_id,
        Attachment.id,
        Attachment.name,
        Attachment.size,
        Attachment.preview_sha256,
        Attachment.finding,
    )
    .where(
        Attachment.consultation_id == sa.bindparam("consultation"),
        Attachment.message_id.between(sa.bindparam("first"), sa.bindparam("last")),
    )
    .order_by(Attachment.id)
)


def read(
    consultation_id: int,
    *,
    after: int,
    reads: int | None,
    before: int | None,
    with_notes: bool,
    most: int | None,
) -> list[Entry]:
    """Read the entries after one, and before one, in their order, with their files.

    With `reads` also those corrected since that count of read marks; of `most`, the
    newest.
    """
    query = _selected(reads is not None, before is not None, with_notes, most)
    values: dict[str, Any] = {"consultation": consultation_id, "after": after}
    values |= {"reads": reads, "before": before}
    rows = query.raw_rows(**values)[::-1]
    if not rows:
        return []
    ends = {"first": rows[0][0], "last": rows[-1][0]}
    files: dict[int, tuple[File, ...]] = {}
    for id, *file in FILES.rows(consultation=consultation_id, **ends):
        files[id] = (*files.get(id, ()), File(*file))
    return [_entry(query, row, files.get(row[0], ())) for row in rows]


@cache
def _selected(
    with_corrected: bool, with_end: bool, with_notes: bool, most: int | None
) -> PlainSelect:
    """Make the statement of a kind of reading once, with its values left open."""
    is_corrected = Message.correction > sa.bindparam("reads")
    is_new = sa.or_(IS_LATER, is_corrected) if with_corrected else IS_LATER
    query = NEWEST_FIRST.where(is_new).limit(most)
    if not with_notes:
        query = query.where(Message.kind != Kind.NOTE)
    if with_end:
        query = query.where(Message.id < sa.bindparam("before"))
    return PlainSelect(query)


@lru_cache(maxsize=MAX_KEPT)
def _entry(query: PlainSelect, row: tuple[Any, ...], files: tuple[File, ...]) -> Entry:
    id, kind, event, author_id, name, *others = query.row_of(row)
    author = Author(name) if name is not None else None
    rest: list[Any] = [*others, files]
    return Entry(id, kind, event, author_id, author, *rest)


class EntryReader(NamedTuple):
    """Who reads: what an entry looks like depends on no more of them."""

    id: int
    is_officer: bool
    is_head: bool


class ConsultationReference(NamedTuple):
    """The consultation to which an entry belongs."""

    number: str
    user_id: int


class EntryContext(NamedTuple):
    """How an entry is read; to its template this is the thread."""

    reader: EntryReader
    consultation: ConsultationReference
    shows_notes: bool
    can_be_written: bool
    address: str
    is_seen: bool  # by the other side
    left_s: int  # for which the reader may still correct it
    # What stands in an entry of the office's settings.
    office: tuple[str, ...]


@lru_cache(maxsize=MAX_KEPT)
def html(entry: Entry, reading: EntryContext) -> Markup:
    """Write an entry as a part of the page."""
    template = current_app.jinja_env.get_template(
        "consultations/conversation/_entry.html"
    )
    written = template.render(
        message=entry, thread=reading, current_user=reading.reader
    )
    return Markup(written)


class Request(NamedTuple):
    """What was asked, as it stands before the entries."""

    id: int
    is_own: bool
    asker: str
    asked_at: datetime
    day: date
    description: str


@lru_cache(maxsize=MAX_KEPT)
def request_html(opening: Request, office: tuple[str, ...]) -> Markup:
    """Write what was asked; its moment is that of the office."""
    template = current_app.jinja_env.get_template(
        "consultations/conversation/_request.html"
    )
    return Markup(template.render(asked=opening))
