"""The content of an article: what an officer writes, as plain values."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Self


class Topic(StrEnum):
    """The four kinds of consultation, and the service itself."""

    DATA = "data"
    METADATA = "metadata"
    RECOMMENDATION = "recommendation"
    CLASSIFICATION = "classification"
    SERVICE = "service"


class AnswerKind(StrEnum):
    """What kind of answer an article gives."""

    AVAILABLE = "available"
    ON_REQUEST = "on_request"
    OTHER_LEVEL = "other_level"
    NOT_PRODUCED = "not_produced"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Content:
    """Everything an officer writes in an article."""

    title: str
    body: str
    topic: Topic
    tags: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    answer: AnswerKind = AnswerKind.AVAILABLE
    answer_note: str = ""
    source: str = ""
    review_on: date | None = None

    @property
    def whole_text(self) -> str:
        """Everything the public would read or search for."""
        texts = (self.title, self.body, self.answer_note, self.source)
        return "\n".join((*texts, *self.tags, *self.synonyms))

    def columns(self) -> dict[str, Any]:
        """Return the content as the columns of a revision."""
        values = asdict(self)
        return values | {"tags": list(self.tags), "synonyms": list(self.synonyms)}

    def merged_with(self, other: Self) -> Self:
        """Return this content followed by the body and the terms of `other`."""
        return replace(
            self,
            body=f"{self.body}\n\n{other.body}",
            tags=_distinct(self.tags, other.tags),
            synonyms=_distinct(self.synonyms, (other.title, *other.synonyms)),
        )


def _distinct(*lists: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for terms in lists for text in terms))
