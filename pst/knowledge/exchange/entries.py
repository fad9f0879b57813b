"""The entries of a JSON file of articles, checked and read."""

import json
import re
from datetime import date
from typing import Any

from pst import reference_lists
from pst.knowledge.article.content import AnswerKind, Content, Topic
from pst.knowledge.article.slugs import SLUG_LENGTH
from pst.search.storage.documents import storable
from pst.text.visible import is_visible

# The words of the file for what the code names in English.
TOPICS = {
    "data": Topic.DATA,
    "metadata": Topic.METADATA,
    "rekomendasi": Topic.RECOMMENDATION,
    "klasifikasi": Topic.CLASSIFICATION,
    "layanan": Topic.SERVICE,
}
NAMES = {topic: name for name, topic in TOPICS.items()}
STARTER = reference_lists.DATA / "kb_starter.json"
SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
TITLE_LENGTH = 300
BODY_LENGTH = 200_000


class BadArticle(ValueError):
    """An entry that cannot become an article; its text says which and why."""


def read(entries: Any) -> dict[str, Content]:
    """Check a whole file, and return the content of each article by its slug.

    Raises `BadArticle` for the first entry that is wrong.
    """
    if not isinstance(entries, list):
        raise BadArticle("The file must be a list of articles.")
    contents: dict[str, Content] = {}
    for place, entry in enumerate(entries, 1):
        try:
            slug, content = _entry(entry)
        except (TypeError, ValueError) as error:
            name = entry.get("slug") if isinstance(entry, dict) else None
            raise BadArticle(f"Entry {place} ({name or 'no slug'}): {error}") from error
        if slug in contents:
            raise BadArticle(f"Entry {place} ({slug}): this slug stands there twice.")
        contents[slug] = content
    return contents


def starter() -> dict[str, Content]:
    """Return the articles that a new office may begin with, by slug."""
    return read(json.loads(STARTER.read_text(encoding="utf-8")))


def entry_of(slug: str, revision: Any) -> dict[str, Any]:
    """Return a published article as an entry of the file.

    `revision` is a `Revision` or a row of its columns.
    """
    return {
        "slug": slug,
        "title": revision.title,
        "category": NAMES[revision.topic],
        "tags": revision.tags,
        "synonyms": revision.synonyms,
        "body": revision.body,
        "answer": revision.answer.value,
        "answer_note": revision.answer_note,
        "source": revision.source,
        "review_on": revision.review_on and revision.review_on.isoformat(),
    }


def _entry(entry: Any) -> tuple[str, Content]:
    if not isinstance(entry, dict):
        raise ValueError("it must be an object.")
    slug = _text(entry, "slug", SLUG_LENGTH)
    if not SLUG.fullmatch(slug):
        raise ValueError("a slug has letters, digits, dots and hyphens only.")
    topic = str(entry.get("category", "data"))
    if topic not in TOPICS and topic not in list(Topic):
        raise ValueError(f"category {topic!r} is not one of {', '.join(TOPICS)}.")
    answer = str(entry.get("answer") or AnswerKind.AVAILABLE.value)
    if answer not in list(AnswerKind):
        raise ValueError(f"answer {answer!r} is not one of {', '.join(AnswerKind)}.")
    review_on = entry.get("review_on")
    return slug, Content(
        title=_text(entry, "title", TITLE_LENGTH),
        body=_text(entry, "body", BODY_LENGTH, is_required=False),
        topic=TOPICS.get(topic) or Topic(topic),
        tags=_texts(entry, "tags"),
        synonyms=_texts(entry, "synonyms"),
        answer=AnswerKind(answer),
        answer_note=str(entry.get("answer_note") or ""),
        source=str(entry.get("source") or ""),
        review_on=date.fromisoformat(review_on) if review_on else None,
    )


def _text(
    entry: dict[str, Any], name: str, max_length: int, is_required: bool = True
) -> str:
    value = entry.get(name)
    if not isinstance(value, str) or (is_required and not is_visible(value)):
        raise ValueError(f"{name} is missing or empty.")
    if len(value) > max_length:
        raise ValueError(f"{name} is longer than {max_length} characters.")
    return storable(value).strip()


def _texts(entry: dict[str, Any], name: str) -> tuple[str, ...]:
    values = entry.get(name) or []
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise ValueError(f"{name} must be a list of texts.")
    return tuple(
        dict.fromkeys(storable(v).strip() for v in values if storable(v).strip())
    )
