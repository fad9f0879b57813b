"""How good the search is on judged questions, in one index of 10,000 articles.

The starter's articles are those that answer; the others are made of their sentences.
Some questions were used for tuning, some not. `bin/bench quality 1000` takes a smaller
index.
"""

import json
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa

from bench.common import report
from bench.search import documents, migrated
from pst.database import prepare
from pst.knowledge.documents import ARTICLE
from pst.search import engine as search
from pst.search.evaluation import Evaluation
from tests.processes import ROOT

JUDGED = ROOT / "tests" / "search"
ARTICLES = 10_000


def main() -> None:
    size = int(sys.argv[1]) if sys.argv[1:] else ARTICLES
    with tempfile.TemporaryDirectory() as folder:
        engine = sa.create_engine(f"sqlite:///{migrated(Path(folder))}")
        prepare(engine)
        with engine.connect() as connection:
            search.rebuild(connection, ARTICLE, documents(size))
            report(
                articles=size,
                tuned=figures(connection, JUDGED / "queries.json"),
                held_out=figures(connection, JUDGED / "held_out.json"),
                places=figures(connection, JUDGED / "places.json"),
                chatty=figures(connection, JUDGED / "chatty.json"),
                chatty_later=figures(connection, JUDGED / "chatty_later.json"),
            )
        engine.dispose()


def figures(connection: sa.Connection, path: Path) -> dict[str, dict[str, float]]:
    evaluation = Evaluation()
    for query in json.loads(path.read_text()):
        answer = search.search(connection, query["query"], ARTICLE)
        sure = [hit.slug for hit in answer.hits]
        slugs = sure or [hit.slug for hit in answer.unsure]
        evaluation.add(query["group"], query["relevant"], sure, slugs, 0.0)
    return {
        group: {
            name: round(v, 3)
            for name, v in each.items()
            if v is not None and " ms" not in name
        }
        for group, each in evaluation.figures().items()
    }


if __name__ == "__main__":
    main()
