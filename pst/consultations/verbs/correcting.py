"""Correcting a message: its author may, shortly after it and while it is unread."""

from datetime import timedelta

import sqlalchemy as sa

from pst import clock
from pst.accounts.users import User
from pst.consultations.conversation.read_marks import ReadMark
from pst.consultations.messages import Message
from pst.consultations.verbs.serving import Serving
from pst.database import db
from pst.office import audit
from pst.rules import WrongState

CORRECTABLE_FOR = timedelta(minutes=2)


class Correcting(Serving):
    """A consultation whose messages their authors may correct."""

    __abstract__ = True

    def correct(self, message: Message, by: User, body: str) -> None:
        """Change the words of `message`; those before are kept for the audit.

        Raises `WrongState` once someone has read it, or its time is over.
        """
        if why := self.why_not_correctable(message, by):
            raise WrongState(why)
        if body == message.body:
            return
        # The other side's poll notices it as it does a read mark.
        self._set_polled(reads=self.reads + 1)
        message.correct(body, self.reads)
        audit.record("correct_message", self.audit_subject, by.id, message=message.id)

    def why_not_correctable(self, message: Message, by: User) -> str:
        """Return why `by` may not correct `message` now; nothing when they may."""
        if not (message.is_said and message.is_by(by) and message.body):
            return "Hanya pesan Anda sendiri yang dapat diperbaiki."
        if not self.is_open:
            return "Konsultasi ini sudah ditutup, jadi pesan tidak diperbaiki lagi."
        if self._is_read(message):
            return "Pesan ini sudah dibaca, jadi tidak dapat diperbaiki lagi."
        if clock.now() > message.created_at + CORRECTABLE_FOR:
            return "Pesan hanya dapat diperbaiki dalam dua menit sesudah dikirim."
        return ""

    # Private

    def _is_read(self, message: Message) -> bool:
        """Return whether the other side has read it, on the page or in a mail."""
        is_users = message.is_from(self.user_id)
        told_at = self.user_told_at
        if not is_users and told_at is not None and told_at >= message.created_at:
            return True
        mark = sa.select(ReadMark.user_id).where(
            ReadMark.consultation_id == self.id,
            (ReadMark.user_id == self.user_id) != is_users,
            ReadMark.message_id >= message.id,
        )
        return db.session.scalar(mark.limit(1)) is not None
