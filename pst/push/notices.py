"""Notices that are owed to a person's devices: written with what caused them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.accounts.users import User
from pst.background import later
from pst.database import db
from pst.office import days_off, settings
from pst.push.devices import PushDevice

DELIVER = "pst.push.jobs.deliver_notices"
# A notice that comes later than this tells nothing new; the mail has come.
LASTS = timedelta(hours=12)
RETRIED_AFTER = timedelta(minutes=2)
MAX_ATTEMPTS = 5


class NoticeKind(StrEnum):
    """What came; the words are in `templates/push/_words.html`."""

    ANSWER = "answer"
    REQUEST = "request"
    TRIAL = "trial"


class PushNotice(db.Model):
    """One notice for one device; deleted once it was taken, or is too old."""

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(
        sa.ForeignKey("push_device.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[NoticeKind]
    # Where a press on it leads; a path of ours.
    path: Mapped[str] = mapped_column(sa.String(200))
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)

    device: Mapped[PushDevice] = relationship()

    @classmethod
    def put(cls, user: User, kind: NoticeKind, path: str) -> None:
        """Write a notice for each device of `user`; in quiet hours it waits."""
        devices = PushDevice.of(user) if user.active else []
        now = clock.now()
        for device in devices:
            db.session.add(
                cls(
                    device=device,
                    kind=kind,
                    path=path,
                    attempts=0,
                    created_at=now,
                    due_at=now if kind is NoticeKind.TRIAL else loud_from(now),
                )
            )
        if devices:
            later(DELIVER)

    @classmethod
    def put_all(
        cls, people: Callable[[], list[User]], kind: NoticeKind, path: str
    ) -> None:
        """Write a notice for each of `people`; they are read only if one has one."""
        if db.session.scalar(sa.select(PushDevice.id).limit(1)) is None:
            return
        for person in people():
            cls.put(person, kind, path)

    @classmethod
    def take_due(cls) -> "PushNotice | None":
        """Return a notice that is due, put off so that no other run takes it."""
        now = clock.now()
        query = sa.select(cls).where(cls.due_at <= now).order_by(cls.due_at, cls.id)
        notice = db.session.scalar(query.limit(1))
        if notice is not None:
            notice.attempts += 1
            notice.due_at = now + RETRIED_AFTER * 2 ** (notice.attempts - 1)
        return notice

    @property
    def is_over(self) -> bool:
        """Return whether it is not tried any more."""
        is_old = clock.now() - self.created_at > LASTS
        return is_old or self.attempts > MAX_ATTEMPTS


def loud_from(moment: datetime) -> datetime:
    """Return `moment`, or the end of the quiet hours that it lies in."""
    office = settings.current()
    local = moment.astimezone(days_off.calendar().zone)
    begin, end = office.quiet_from_hour, office.quiet_until_hour
    if begin == end:
        return moment
    is_over_night = begin > end
    is_quiet = (
        local.hour >= begin or local.hour < end
        if is_over_night
        else begin <= local.hour < end
    )
    if not is_quiet:
        return moment
    morning = local.replace(hour=end, minute=0, second=0, microsecond=0)
    if is_over_night and local.hour >= begin:
        morning += timedelta(days=1)
    return morning
