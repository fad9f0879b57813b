"""The conversation as its reader sees it: entries, what is unread, what was read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload, selectinload

from pst import clock
from pst.accounts.users import User
from pst.consultations.messages import Kind, Message
from pst.consultations.models import Consultation
from pst.consultations.quoting import quote_of
from pst.consultations.read_marks import ReadMark
from pst.consultations.verbs.correcting import CORRECTABLE_FOR
from pst.database import db
from pst.web.formatting import local


@dataclass
class Thread:
    """The messages of one consultation that its reader does not have yet."""

    consultation: Consultation
    reader: User
    after: int = 0
    reads: int | None = None  # the count of read marks that the page knows

    @cached_property
    def messages(self) -> list[Message]:
        query = (
            sa.select(Message)
            .options(joinedload(Message.author), selectinload(Message.attachments))
            .where(Message.consultation_id == self.consultation.id, self._is_new)
        )
        if not self.shows_notes:
            query = query.where(Message.kind != Kind.NOTE)
        return list(db.session.scalars(query.order_by(Message.id)))

    @property
    def _is_new(self) -> sa.ColumnElement[bool]:
        is_later = Message.id > self.after
        if self.reads is None or self.reads == self.consultation.reads:
            return is_later
        return sa.or_(is_later, Message.correction > self.reads)

    @property
    def days(self) -> Iterator[tuple[date | None, list[Message]]]:
        """Cut the messages by their day; None for that of the request, shown above."""
        shown = None if self.after else self.first_day
        for day, messages in groupby(
            self.messages, lambda m: local(m.created_at).date()
        ):
            yield (None if day == shown else day), list(messages)
            shown = day

    @property
    def first_day(self) -> date:
        return local(self.consultation.asked_at).date()

    @property
    def shows_notes(self) -> bool:
        return self.reader.is_staff and self.reader.id != self.consultation.user_id

    @property
    def newest_id(self) -> int:
        return max([self.after, *(each.id for each in self.messages[-1:])])

    @property
    def cursor(self) -> str:
        """Return where the next reading starts: newest entry and read marks."""
        return f"{self.newest_id}.{self.consultation.reads}"

    @cached_property
    def _marks(self) -> dict[int, int]:
        """Return the newest entry that each person has read."""
        query = sa.select(ReadMark.user_id, ReadMark.message_id).filter_by(
            consultation_id=self.consultation.id
        )
        return {user: upto for user, upto in db.session.execute(query)}

    @property
    def read_upto(self) -> int:
        """Return the newest entry that the reader has read; 0 where none is."""
        return self._marks.get(self.reader.id, 0)

    @cached_property
    def seen_upto(self) -> int:
        """Return the newest entry that the other side has read; 0 where none is."""
        user_id = self.consultation.user_id
        is_user = self.reader.id == user_id
        others = (at for id, at in self._marks.items() if (id != user_id) == is_user)
        return max(others, default=0)

    @cached_property
    def first_unread_id(self) -> int | None:
        """Return the first entry by another person that is not marked as read.

        A user is not stopped by what merely happened.
        """
        unread = (
            each.id
            for each in self.messages
            if each.id > self.read_upto
            and not each.is_by(self.reader)
            and (self.shows_notes or not each.is_event)
        )
        return next(unread, None)

    @property
    def opens_at_id(self) -> int | None:
        """Return the unread entry at which the page opens, if it opens at one."""
        return self.first_unread_id if self._is_begun and not self.after else None

    @property
    def opens_at_end(self) -> bool:
        return self._is_begun and self.first_unread_id is None

    @property
    def _is_begun(self) -> bool:
        """An officer who never read it begins with the request."""
        return bool(self.read_upto) or not self.shows_notes

    @cached_property
    def address(self) -> str:
        """Return the page of the conversation."""
        endpoint = "desk.show" if self.shows_notes else "consultations.show"
        return url_for(endpoint, number=self.consultation.number)

    @cached_property
    def can_be_written(self) -> bool:
        """Return whether its reader may write into it."""
        if self.shows_notes:
            return self.consultation.can_be_answered_by(self.reader)
        return self.consultation.can_be_written_by_user

    def correctable_s(self, message: Message) -> int:
        """Return how many seconds the reader may still correct `message`."""
        is_open = self.consultation.is_open and message.id > self.seen_upto
        if not (is_open and message.is_said and message.is_by(self.reader)):
            return 0
        left = message.created_at + CORRECTABLE_FOR - clock.now()
        return max(0, int(left.total_seconds())) if message.body else 0

    def quote(self, id: int | None) -> dict[str, Any] | None:
        """Return how the message `id`, which the page shows, is quoted."""
        shown = (each for each in self.messages if each.id == id and each.is_said)
        source = next(shown, None)
        return quote_of(source, self.consultation.user_id) if source else None


@dataclass(frozen=True)
class OthersReading:
    """How far the other side has read."""

    upto: int
    last_at: datetime | None  # when it read the last message of this side

    @classmethod
    def of(cls, consultation: Consultation, person: User) -> "OthersReading":
        """Return how far those read whom `person` writes to."""
        is_user = person.id == consultation.user_id
        said = sa.select(sa.func.max(Message.id)).where(
            Message.consultation_id == consultation.id,
            Message.kind == Kind.MESSAGE,
            (Message.author_id == consultation.user_id) == is_user,
        )
        has_read = ReadMark.message_id >= said.scalar_subquery()
        row = db.session.execute(
            sa.select(
                sa.func.max(ReadMark.message_id),
                sa.func.min(sa.case((has_read, ReadMark.read_at))),
            ).where(
                ReadMark.consultation_id == consultation.id,
                (ReadMark.user_id == consultation.user_id) != is_user,
            )
        ).one()
        return cls(row[0] or 0, row[1])
