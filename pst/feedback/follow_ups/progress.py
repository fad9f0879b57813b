"""Why there is a follow-up, where it stands, and where it can go from there."""

from enum import StrEnum


class Cause(StrEnum):
    """Why there is a follow-up."""

    LOW_RATING = "low_rating"
    COMPLAINT = "complaint"
    OFFICER = "officer"


class Progress(StrEnum):
    """Where a follow-up stands."""

    OPEN = "open"
    SENT = "sent"
    ANSWERED = "answered"
    TO_CONFIRM = "to_confirm"
    CLOSED = "closed"


NEXT = {
    Progress.OPEN: {
        Progress.SENT,
        Progress.ANSWERED,
        Progress.TO_CONFIRM,
        Progress.CLOSED,
    },
    Progress.SENT: {
        Progress.SENT,
        Progress.ANSWERED,
        Progress.TO_CONFIRM,
        Progress.CLOSED,
    },
    Progress.ANSWERED: {
        Progress.SENT,
        Progress.ANSWERED,
        Progress.TO_CONFIRM,
        Progress.CLOSED,
    },
    Progress.TO_CONFIRM: {
        Progress.OPEN,
        Progress.SENT,
        Progress.ANSWERED,
        Progress.CLOSED,
    },
    Progress.CLOSED: {Progress.ANSWERED},
}
# In these the office owes the user something, and the deadline counts.
OWING = (Progress.OPEN, Progress.ANSWERED)
