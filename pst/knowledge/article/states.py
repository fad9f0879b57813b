"""The states of an article, and which may follow which."""

from enum import StrEnum


class State(StrEnum):
    """Where the newest revision of an article stands."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    ARCHIVED = "archived"


NEXT = {
    State.DRAFT: {State.DRAFT, State.REVIEW, State.ARCHIVED},
    State.REVIEW: {State.DRAFT, State.PUBLISHED, State.ARCHIVED},
    State.PUBLISHED: {State.DRAFT, State.ARCHIVED},
    State.ARCHIVED: {State.DRAFT},
}
