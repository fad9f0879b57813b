"""Where a report stands, and where it can go from there."""

from enum import StrEnum


class State(StrEnum):
    """Where a report stands."""

    DRAFT = "draft"
    DISCARDED = "discarded"
    SENT = "sent"
    RETURNED = "returned"
    APPROVED = "approved"


NEXT = {
    State.DRAFT: {State.SENT, State.DISCARDED},
    State.SENT: {State.RETURNED, State.APPROVED},
    # What the head has seen never changes: a returned report gets a new version.
    State.RETURNED: set(),
    State.APPROVED: set(),
    State.DISCARDED: set(),
}
# The sections that must have words before a report is sent.
NEEDED = ("summary", "conclusion")
KNOWN_TO_ALL = (State.SENT, State.RETURNED, State.APPROVED)
