"""The states of a consultation and its moves; its categories, channels, reasons."""

from enum import StrEnum

from pst.consultations.messages import Event


class Category(StrEnum):
    """The four categories of the service standard, step 3a."""

    DATA = "data"
    METADATA = "metadata"
    RECOMMENDATION = "recommendation"
    CLASSIFICATION = "classification"


class State(StrEnum):
    """Where a consultation stands."""

    QUEUED = "queued"
    ACTIVE = "active"
    WAITING_USER = "waiting_user"
    CLOSED = "closed"


class Reason(StrEnum):
    """Why a consultation is closed."""

    RESOLVED = "resolved"
    NO_RESPONSE = "no_response"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"


class Channel(StrEnum):
    """How a request reached the office."""

    ONLINE = "online"
    COUNTER = "counter"
    PHONE = "phone"
    LETTER = "letter"
    WHATSAPP = "whatsapp"


class HoldReason(StrEnum):
    """Why the clock does not close what the user leaves unanswered."""

    OWED = "owed"
    BOUNCED = "bounced"


class Next(StrEnum):
    """Who acts next after an officer's message, as its officer chose."""

    USER = "pengguna"
    # The words are not the answer: it is still owed.
    OFFICER = "saya"
    DONE = "selesai"


class LateReason(StrEnum):
    """Why an answer was late, as its officer states it for the report."""

    WORKLOAD = "workload"
    OTHERS = "others"
    COMPLEX = "complex"
    SYSTEM = "system"
    ABSENCE = "absence"
    OTHER = "other"


NEXT = {
    State.QUEUED: {State.ACTIVE, State.CLOSED},
    State.ACTIVE: {State.ACTIVE, State.QUEUED, State.WAITING_USER, State.CLOSED},
    State.WAITING_USER: {
        State.ACTIVE,
        State.WAITING_USER,
        State.QUEUED,
        State.CLOSED,
    },
    State.CLOSED: {State.ACTIVE, State.QUEUED},
}
# The states in which the office owes the next step.
PENDING = (State.QUEUED, State.ACTIVE)
OPEN = (*PENDING, State.WAITING_USER)
CLOSING = {
    Reason.RESOLVED: Event.RESOLVED,
    Reason.NO_RESPONSE: Event.NO_RESPONSE,
    Reason.WITHDRAWN: Event.WITHDRAWN,
    Reason.DUPLICATE: Event.DUPLICATE,
}
# What an officer may say it is closed for; the rest the user or the clock does.
BY_OFFICER = (Reason.RESOLVED, Reason.DUPLICATE)
# Withdrawn, or the same as another: the office did not serve it here.
NOT_SERVED = (Reason.WITHDRAWN, Reason.DUPLICATE)
# The user is asked to rate what ended so (service standard, step 6).
RATEABLE = (Reason.RESOLVED, Reason.NO_RESPONSE)
