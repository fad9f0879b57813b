"""Search at 1,000, 10,000 and 100,000 articles, next to a bare FTS5 query."""

import json
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from pathlib import Path

import sqlalchemy as sa
from flask_migrate import upgrade

from bench.common import report
from pst import config, create_app
from pst.database import db, prepare
from pst.knowledge.documents import ARTICLE
from pst.reference_lists import DATA
from pst.search import engine as search
from pst.search.evaluation import percentile
from pst.search.language.plain_text import plain_text
from tests.processes import ROOT

SIZES = (1_000, 10_000, 100_000)
QUERIES = ROOT / "tests" / "search" / "queries.json"
ROUNDS, PUBLISHED = 3, 20
SYLLABLES = "ba ca da ga ka la ma na pa ra sa ta bi di ki li ni ri si ti bu du ku ru"


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    queries = [query["query"] for query in json.loads(QUERIES.read_text())]
    with tempfile.TemporaryDirectory() as folder:
        empty = migrated(Path(folder))
        for size in sizes:
            measure(empty, Path(folder) / f"{size}.sqlite3", size, queries)


def measure(empty: Path, path: Path, size: int, queries: list[str]) -> None:
    shutil.copy(empty, path)
    engine = sa.create_engine(f"sqlite:///{path}")
    prepare(engine)
    with engine.connect() as connection:
        begin = time.perf_counter()
        search.rebuild(connection, ARTICLE, documents(size))
        connection.commit()
        built = time.perf_counter() - begin
        ours = timed(queries, lambda words: search.search(connection, words, ARTICLE))
        suggest_times = timed(
            [words[: int(len(words) * 0.6)] for words in queries],
            lambda words: search.suggest(connection, words, ARTICLE),
        )
        connection.rollback()
        publish_times = timed(range(PUBLISHED), publisher(connection, size))
    report(
        articles=size,
        search_ms=spread(ours),
        suggest_ms=spread(suggest_times),
        bare_fts5_ms=spread(timed(queries, bare(path))),
        publish_ms=spread(publish_times),
        rebuild_s=round(built, 1),
        file_mb=round(path.stat().st_size / 1e6, 1),
    )
    engine.dispose()


def migrated(folder: Path) -> Path:
    """An empty database as the migrations make it."""
    settings = config.load({"PST_DATA_DIR": str(folder / "data"), "PST_TESTING": "1"})
    app = create_app(settings)
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        name = db.engine.url.database
        db.engine.dispose()
    assert name is not None
    target = folder / "empty.sqlite3"
    with sqlite3.connect(name) as source, sqlite3.connect(target) as copy:
        source.backup(copy)
    return target


def documents(size: int) -> Iterator[search.Document]:
    """Articles of the starter's sentences and titles, with words of their own.

    The frequent words are as frequent as there, and rare ones follow Zipf's law.
    """
    chance = random.Random(size)
    starter = json.loads((DATA / "kb_starter.json").read_text())
    bodies = [plain_text(entry["body"]) for entry in starter]
    lines = [line for body in bodies for line in body.splitlines() if len(line) > 20]
    syllables = SYLLABLES.split()
    names = ["".join(parts) for parts in product(syllables, repeat=3)]
    chance.shuffle(names)
    for id in range(1, size + 1):
        entry = starter[id % len(starter)] if id <= len(starter) else None
        own = [names[min(int(chance.paretovariate(0.7)), 13_000)] for _ in range(40)]
        if entry is None:
            kind = chance.choice(starter)
            title = f"{' '.join(own[:4])} {chance.choice(kind['tags'])}"
            body = " ".join([*chance.choices(lines, k=6), *own])
            labels = tuple(own[4:7])
            yield search.Document(
                ARTICLE, id, f"a{id}", title, kind["category"], body, labels
            )
        else:
            tags, synonyms = tuple(entry["tags"]), tuple(entry["synonyms"])
            texts = (entry["slug"], entry["title"], entry["category"], entry["body"])
            yield search.Document(ARTICLE, id, *texts, tags, synonyms)


def publisher(connection: sa.Connection, size: int) -> Callable[[int], None]:
    """Write one more article, with its commit."""
    starter = len(json.loads((DATA / "kb_starter.json").read_text()))
    fresh = list(documents(PUBLISHED + starter))[-PUBLISHED:]

    def publish(number: int) -> None:
        document = fresh[number]
        new = search.Document(
            ARTICLE,
            *(size + 1 + number, f"n{number}", document.title, document.category),
            *(document.body, document.tags),
        )
        search.write(connection, new)
        connection.commit()

    return publish


def bare(path: Path) -> Callable[[str], object]:
    """Any of the words, by bm25: what FTS5 alone gives, worse ranked."""
    connection = sqlite3.connect(path)
    query = (
        "SELECT rowid FROM search_index WHERE search_index MATCH ?"
        " ORDER BY bm25(search_index) LIMIT 10"
    )

    def ask(words: str) -> object:
        match = " OR ".join(f'"{word}"' for word in words.replace('"', "").split())
        return connection.execute(query, (match,)).fetchall()

    return ask


def timed(items: Iterable, work: Callable) -> list[float]:  # type: ignore[type-arg]
    """Milliseconds of each, in order; the first round only warms up.

    Of this thread's processor time, so that other work on the machine does not count.
    """
    items = list(items)
    rounds = ROUNDS if isinstance(items[0], str) else 1
    seconds = []
    for turn in range(rounds):
        for item in items:
            search.forget()
            begin = time.thread_time()
            work(item)
            if turn or rounds == 1:
                seconds.append(time.thread_time() - begin)
    return sorted(each * 1000 for each in seconds)


def spread(times: list[float]) -> dict[str, float]:
    return {
        name: round(percentile(times, share), 2)
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    }


if __name__ == "__main__":
    main()
