"""Articles from and to a JSON file, which is checked whole before any is written."""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa

from pst import clock
from pst.database import db, transaction
from pst.knowledge.models import ARTICLE, SLUG_LENGTH, Article, State
from pst.knowledge.revisions import Answer, Content, Revision, Topic
from pst.office import audit
from pst.search import engine
from pst.search.documents import storable
from pst.visible import is_visible

# The words of the file for what the code names in English.
TOPICS = {
    "data": Topic.DATA,
    "metadata": Topic.METADATA,
    "rekomendasi": Topic.RECOMMENDATION,
    "klasifikasi": Topic.CLASSIFICATION,
    "layanan": Topic.SERVICE,
}
STARTER = Path(__file__).parent.parent / "data" / "kb_starter.json"
SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
NAMES = {topic: name for name, topic in TOPICS.items()}
TITLE_LENGTH = 300
BODY_LENGTH = 200_000
# How many articles are written or indexed anew before others may write.
AT_A_TIME = 50
# Whoever waits for SQLite looks again after a tenth of a second at the latest.
GIVE_WAY_S = 0.11


class BadEntry(ValueError):
    """An entry that cannot become an article; its text says which and why."""


@dataclass(frozen=True)
class Outcome:
    """How many articles an import made, changed, and found as they were."""

    made: int = 0
    changed: int = 0
    same: int = 0

    def __add__(self, other: Self) -> Self:
        made, changed = self.made + other.made, self.changed + other.changed
        return type(self)(made, changed, self.same + other.same)


def read(entries: Any) -> dict[str, Content]:
    """Check a whole file; the content of each article by its slug.

    Raises `BadEntry` for the first entry that is wrong.
    """
    if not isinstance(entries, list):
        raise BadEntry("The file must be a list of articles.")
    contents: dict[str, Content] = {}
    for place, entry in enumerate(entries, 1):
        try:
            slug, content = _entry(entry)
        except (TypeError, ValueError) as error:
            name = entry.get("slug") if isinstance(entry, dict) else None
            raise BadEntry(f"Entry {place} ({name or 'no slug'}): {error}") from error
        if slug in contents:
            raise BadEntry(f"Entry {place} ({slug}): this slug stands there twice.")
        contents[slug] = content
    return contents


def starter() -> dict[str, Content]:
    """The articles that a new office may begin with."""
    return read(json.loads(STARTER.read_text(encoding="utf-8")))


def load_all(contents: dict[str, Content]) -> Outcome:
    """Publish any number of articles; nobody else waits long for a turn to write.

    Each few are a transaction of their own, found by search when it ends. Broken off
    it can be done again: what is there already stays as it is.
    """
    outcome = Outcome()
    for some in _in_turn(list(contents.items())):
        with transaction():
            outcome += load(dict(some))
    return outcome


def load(contents: dict[str, Content]) -> Outcome:
    """Publish `contents`, updating by slug; equal content changes nothing."""
    known = {
        article.slug: article
        for slugs in _batches(list(contents))
        for article in db.session.scalars(
            sa.select(Article).where(Article.slug.in_(slugs))
        )
    }
    fresh = {slug: c for slug, c in contents.items() if slug not in known}
    changed = [slug for slug in known if _update(known[slug], contents[slug])]
    if fresh:
        connection = db.session.connection()
        for document in published_documents(_insert(fresh)):
            engine.write(connection, document)
    if fresh or changed:
        slugs = [*fresh, *changed]
        audit.record("import_articles", "articles", None, made=len(fresh), slugs=slugs)
    return Outcome(len(fresh), len(changed), len(known) - len(changed))


def export() -> list[dict[str, Any]]:
    """All published articles as the file has them."""
    return [
        {
            "slug": article.slug,
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
        for article, revision in _published()
    ]


def published_documents(ids: list[int] | None = None) -> Iterator[engine.Document]:
    """Everything that should be in the index, or that part of it."""
    for article, revision in _published(ids):
        yield engine.Document(
            ARTICLE,
            article.id,
            article.slug,
            revision.title,
            revision.topic.value,
            revision.body,
            tuple(revision.tags),
            tuple(revision.synonyms),
        )


def drift() -> engine.Drift:
    """Return where the index and the published articles differ."""
    return engine.check(db.session.connection(), ARTICLE, published_documents())


def fill_index() -> None:
    """Build the index where a migration left it empty."""
    is_empty = engine.is_empty(db.session.connection())
    db.session.rollback()
    if is_empty:
        with transaction():
            engine.rebuild(db.session.connection(), published_documents())


def reindex() -> int:
    """Write every article into the index again, a few at a time; how many.

    Nobody waits long: each few are a transaction of their own. Only when the counts
    are wrong is the index made anew in one go.
    """
    with transaction():
        ids = [document.source_id for document in published_documents()]
    for some in _in_turn(ids):
        with transaction():
            for document in published_documents(some):
                engine.write(db.session.connection(), document)
    with transaction():
        connection = db.session.connection()
        for id in drift().surplus:
            engine.remove(connection, ARTICLE, id)
        if drift():
            engine.rebuild(connection, published_documents())
    return len(ids)


def _published(ids: list[int] | None = None) -> Iterator[Any]:
    columns = [c for c in Revision.__table__.columns if c.name not in ("id",)]
    query = (
        sa.select(Article.id, Article.slug, *columns)
        .join(
            Revision,
            (Revision.article_id == Article.id)
            & (Revision.number == Article.published_number),
        )
        .order_by(Article.id)
        .execution_options(yield_per=1000)
    )
    if ids is not None:
        query = query.where(Article.id.in_(ids))
    for row in db.session.execute(query):
        yield row, row


def _update(article: Article, content: Content) -> bool:
    is_current = article.published_number == article.number
    if is_current and article.latest.content == content:
        return False
    if article.is_archived:
        article._move(State.DRAFT, None)
    article.write(content, None, article.number)
    article.publish(None)
    return True


def _insert(fresh: dict[str, Content]) -> list[int]:
    """Make many published articles at once, not yet indexed; their ids."""
    now = clock.now()
    first = (db.session.scalar(sa.select(sa.func.max(Article.id))) or 0) + 1
    fixed = {"state": State.PUBLISHED, "number": 1, "published_number": 1}
    moments = {"created_at": now, "changed_at": now, "published_at": now}
    words = {"number": 1, "created_at": now, "review_note": ""}
    rows = list(enumerate(fresh.items(), first))
    db.session.execute(
        sa.insert(Article),
        [{"id": id, "slug": slug} | fixed | moments for id, (slug, _) in rows],
    )
    db.session.execute(
        sa.insert(Revision),
        [{"article_id": id} | words | each.columns() for id, (_, each) in rows],
    )
    return [id for id, _ in rows]


def _entry(entry: Any) -> tuple[str, Content]:
    if not isinstance(entry, dict):
        raise ValueError("it must be an object.")
    slug = _text(entry, "slug", SLUG_LENGTH)
    if not SLUG.fullmatch(slug):
        raise ValueError("a slug has letters, digits, dots and hyphens only.")
    topic = str(entry.get("category", "data"))
    if topic not in TOPICS and topic not in list(Topic):
        raise ValueError(f"category {topic!r} is not one of {', '.join(TOPICS)}.")
    answer = str(entry.get("answer") or Answer.AVAILABLE.value)
    if answer not in list(Answer):
        raise ValueError(f"answer {answer!r} is not one of {', '.join(Answer)}.")
    review_on = entry.get("review_on")
    return slug, Content(
        title=_text(entry, "title", TITLE_LENGTH),
        body=_text(entry, "body", BODY_LENGTH, least=0),
        topic=TOPICS.get(topic) or Topic(topic),
        tags=_texts(entry, "tags"),
        synonyms=_texts(entry, "synonyms"),
        answer=Answer(answer),
        answer_note=str(entry.get("answer_note") or ""),
        source=str(entry.get("source") or ""),
        review_on=date.fromisoformat(review_on) if review_on else None,
    )


def _text(entry: dict[str, Any], name: str, most: int, least: int = 1) -> str:
    value = entry.get(name)
    if not isinstance(value, str) or (least and not is_visible(value)):
        raise ValueError(f"{name} is missing or empty.")
    if len(value) > most:
        raise ValueError(f"{name} is longer than {most} characters.")
    return storable(value).strip()


def _texts(entry: dict[str, Any], name: str) -> tuple[str, ...]:
    values = entry.get(name) or []
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise ValueError(f"{name} must be a list of texts.")
    return tuple(
        dict.fromkeys(storable(v).strip() for v in values if storable(v).strip())
    )


def _in_turn(items: list[Any]) -> Iterator[list[Any]]:
    """A few at a time, with a pause between in which others may write."""
    for number, some in enumerate(_batches(items, AT_A_TIME)):
        if number:
            time.sleep(GIVE_WAY_S)
        yield some


def _batches(items: list[Any], size: int = 500) -> Iterator[list[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
