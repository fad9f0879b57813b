"""Which job runs when: all of them, on one screen.

Each job asks the rows what is due, so a run that is late or missed loses nothing and
the intervals only say how soon it is noticed.
"""

from collections.abc import Callable
from dataclasses import dataclass

from pst.admin.backups.duties import back_up, copy_backups, tidy_backups, verify_backups
from pst.admin.health.alarms import watch_lamps
from pst.admin.jobs import (
    check_trail,
    keep_calendar,
    mail_trail_end,
    tend_database,
)
from pst.admin.sources.jobs import fetch_lists
from pst.background import JOB_TIMEOUT_S
from pst.catalogue.web_service.nightly import fetch_catalogue
from pst.consultations.attached_files.attachments import sweep_files
from pst.consultations.jobs import (
    close_silent,
    note_bounces,
    send_digest,
    tell_users,
    warn_of_deadlines,
    warn_of_unclaimed,
    warn_silent,
)
from pst.feedback.jobs import remind_of_ratings, warn_of_follow_ups
from pst.knowledge.article.unused_files import sweep_article_files
from pst.knowledge.previews.link_previews import draw_link_previews
from pst.outbox.incoming.mailbox import read_bounces
from pst.outbox.jobs import deliver_due
from pst.outbox.models import DELIVER_TIMEOUT_S
from pst.outbox.sender_records import look_at_sender
from pst.personal_data.retention import keep_no_longer
from pst.province.jobs import collect_districts
from pst.push.jobs import deliver_notices
from pst.reports.head.jobs import mail_heads
from pst.reports.jobs import draft_monthly

MINUTE, HOUR, DAY = 60, 3600, 86_400


@dataclass(frozen=True)
class TimetableEntry:
    """One job and how often, in seconds, it looks for what is due."""

    job: Callable[[], None]
    every: int
    timeout: int = JOB_TIMEOUT_S

    @property
    def name(self) -> str:
        return self.job.__name__


TIMETABLE = [
    TimetableEntry(deliver_due, MINUTE, timeout=DELIVER_TIMEOUT_S),
    TimetableEntry(deliver_notices, MINUTE),
    TimetableEntry(read_bounces, 5 * MINUTE),
    TimetableEntry(look_at_sender, HOUR),
    TimetableEntry(note_bounces, MINUTE),
    TimetableEntry(tell_users, MINUTE),
    TimetableEntry(warn_silent, 5 * MINUTE),
    TimetableEntry(close_silent, 5 * MINUTE),
    TimetableEntry(warn_of_deadlines, 15 * MINUTE),
    TimetableEntry(warn_of_unclaimed, 15 * MINUTE),
    TimetableEntry(send_digest, 15 * MINUTE),
    TimetableEntry(warn_of_follow_ups, 15 * MINUTE),
    TimetableEntry(remind_of_ratings, HOUR),
    TimetableEntry(draft_monthly, HOUR),
    TimetableEntry(mail_heads, HOUR),
    TimetableEntry(draw_link_previews, 15 * MINUTE),
    TimetableEntry(watch_lamps, 5 * MINUTE),
    TimetableEntry(fetch_catalogue, MINUTE),
    TimetableEntry(fetch_lists, MINUTE, timeout=15 * MINUTE),
    TimetableEntry(collect_districts, HOUR, timeout=30 * MINUTE),
    TimetableEntry(keep_calendar, DAY),
    TimetableEntry(tend_database, DAY),
    TimetableEntry(keep_no_longer, DAY),
    TimetableEntry(sweep_files, DAY),
    TimetableEntry(sweep_article_files, DAY),
    TimetableEntry(check_trail, DAY),
    TimetableEntry(mail_trail_end, DAY),
    TimetableEntry(back_up, HOUR, timeout=2 * HOUR),
    TimetableEntry(copy_backups, HOUR, timeout=2 * HOUR),
    TimetableEntry(verify_backups, HOUR, timeout=2 * HOUR),
    TimetableEntry(tidy_backups, HOUR),
]
JOBS = {line.name: line.job for line in TIMETABLE}
