"""The conversation as its reader sees it: entries, what is unread, what was read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any

from flask import url_for
from markupsafe import Markup

from pst import clock
from pst.accounts.users import User
from pst.consultations.conversation import entries
from pst.consultations.conversation.entries import (
    ConsultationReference,
    Entry,
    EntryContext,
    EntryReader,
    Request,
)
from pst.consultations.conversation.others_reading import OthersReading
from pst.consultations.conversation.quoting import quote_of
from pst.consultations.messages import Event
from pst.consultations.models import Consultation
from pst.consultations.verbs.correcting import CORRECTABLE_FOR
from pst.office import settings
from pst.web.formats.formatting import local
from pst.web.once import part

# So many of the newest messages stand on a page; the earlier ones are a link away.
NEWEST = 100


@dataclass
class Thread:
    """The messages of one consultation that its reader does not have yet."""

    consultation: Consultation
    reader: User
    after: int = 0
    reads: int | None = None  # the count of read marks that the page knows
    most: int | None = None  # only so many of the newest
    before: int | None = None  # only those earlier than this one

    @cached_property
    def messages(self) -> list[Entry]:
        return self._read[-self.most :] if self.most else self._read

    @property
    def has_earlier(self) -> bool:
        """Return whether there are messages before those shown."""
        return self.most is not None and len(self._read) > self.most

    @cached_property
    def _read(self) -> list[Entry]:
        """Return the messages, and one more than is shown if there are earlier ones."""
        is_all_known = self.reads == self.consultation.reads
        return entries.read(
            self.consultation.id,
            after=self.after,
            reads=None if is_all_known else self.reads,
            before=self.before,
            with_notes=self.shows_notes,
            most=self.most + 1 if self.most else None,
        )

    @property
    def days(self) -> Iterator[tuple[date | None, list[Entry]]]:
        """Cut the messages by their day; None for that of the request, shown above."""
        latest, zone = None if self.after else self.first_day, settings.current().zone
        for day, messages in groupby(
            self.messages, lambda each: each.created_at.astimezone(zone).date()
        ):
            yield (None if day == latest else day), list(messages)
            latest = day

    @cached_property
    def first_day(self) -> date:
        return local(self.consultation.asked_at).date()

    @cached_property
    def shows_notes(self) -> bool:
        return self.reader.is_staff and self.reader.id != self.consultation.user_id

    @property
    def newest_id(self) -> int:
        return max([self.after, *(each.id for each in self.messages[-1:])])

    @property
    def news(self) -> str:
        """Return the events that parts of a page wait for when it gets the messages."""
        if not self.consultation.is_open:
            return "changed, closed"
        is_reopened = any(each.event is Event.REOPENED for each in self.messages)
        return "changed, reopened" if is_reopened else "changed"

    @property
    def cursor(self) -> str:
        """Return where the next reading starts: newest entry and read marks."""
        return f"{self.newest_id}.{self.consultation.reads}"

    @cached_property
    def others(self) -> OthersReading:
        return OthersReading.of(self.consultation, self.reader)

    @property
    def read_upto(self) -> int:
        """Return the newest entry that the reader has read; 0 where none is."""
        return self.others.own_upto

    @property
    def seen_upto(self) -> int:
        """Return the newest entry that the other side has read; 0 where none is."""
        return self.others.upto

    @cached_property
    def first_unread_id(self) -> int | None:
        """Return the first entry by another person that is not marked as read.

        A user is not stopped by what merely happened.
        """
        reader, read_upto = self._who, self.read_upto
        unread = (
            each.id
            for each in self.messages
            if each.id > read_upto
            and not each.is_by(reader)
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
        """Return whether its reader may write into it, on this page."""
        if self.before is not None:
            return False
        if self.shows_notes:
            return self.consultation.can_be_answered_by(self.reader)
        return self.consultation.can_be_written_by_user

    def html(self, messages: list[Entry]) -> Markup:
        """Write entries as their reader sees them now."""
        return Markup("".join(self._parts(messages)))

    def _parts(self, messages: list[Entry]) -> Iterator[Markup]:
        seen_upto, opens_at_id = self.seen_upto, self.opens_at_id
        readings = self._reading, self._reading._replace(is_seen=True)
        for entry in messages:
            if entry.id == opens_at_id:
                yield part("consultations/conversation/_unread.html")
            reading = readings[entry.id <= seen_upto]
            if left_s := self.correctable_s(entry):
                reading = reading._replace(left_s=left_s)
            yield entries.html(entry, reading)

    def correctable_s(self, entry: Entry) -> int:
        """Return how many seconds the reader may still correct an entry."""
        time_left = entry.created_at - self._correctable_after
        if time_left <= timedelta():
            return 0
        is_own = entry.is_said and entry.is_by(self._who)
        is_read = entry.id <= self.seen_upto
        if not is_own or is_read or not entry.body or not self.consultation.is_open:
            return 0
        return int(time_left.total_seconds())

    @cached_property
    def _correctable_after(self) -> datetime:
        return clock.now() - CORRECTABLE_FOR

    @property
    def request_html(self) -> Markup:
        """Write what was asked as its reader sees it."""
        about = self.consultation
        is_own = about.user_id == self._who.id
        asker = "" if is_own else about.user.name
        return entries.request_html(
            Request(
                about.id,
                is_own,
                asker,
                about.asked_at,
                self.first_day,
                about.description,
            ),
            self._reading.office,
        )

    @cached_property
    def _who(self) -> EntryReader:
        """Return its reader, asked once: `reader` may look up who is signed in."""
        return EntryReader(self.reader.id, self.reader.is_officer, self.reader.is_head)

    @cached_property
    def _reading(self) -> EntryContext:
        """Return all that an entry's looks depend on but the entry."""
        office = settings.current()
        return EntryContext(
            self._who,
            ConsultationReference(self.consultation.number, self.consultation.user_id),
            self.shows_notes,
            self.can_be_written,
            self.address,
            is_seen=False,
            left_s=0,
            office=(office.timezone, office.office_name, office.unit_name),
        )

    def quote(self, id: int | None) -> dict[str, Any] | None:
        """Return how the message `id`, which the page shows, is quoted."""
        if id is None:
            return None
        sources = (each for each in self.messages if each.id == id and each.is_said)
        source = next(sources, None)
        return quote_of(source, self.consultation.user_id) if source else None
