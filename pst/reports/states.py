"""Where a report stands, and where it can go from there."""

from enum import StrEnum


class ReportState(StrEnum):
    """Where a report stands."""

    DRAFT = "draft"
    DISCARDED = "discarded"
    SENT = "sent"
    RETURNED = "returned"
    APPROVED = "approved"


NEXT = {
    ReportState.DRAFT: {ReportState.SENT, ReportState.DISCARDED},
    ReportState.SENT: {ReportState.RETURNED, ReportState.APPROVED},
    # What the head has seen never changes: a returned report gets a new version.
    ReportState.RETURNED: set(),
    ReportState.APPROVED: set(),
    ReportState.DISCARDED: set(),
}
# The sections that must have words before a report is sent.
NEEDED = ("summary", "conclusion")
KNOWN_TO_ALL = (ReportState.SENT, ReportState.RETURNED, ReportState.APPROVED)
