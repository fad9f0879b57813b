"""How good the search is on judged questions, those it was tuned on and those not."""

import json
import tempfile
from pathlib import Path

import sqlalchemy as sa

from bench.common import report
from bench.search import migrated
from pst.database import prepare
from pst.knowledge.documents import ARTICLE
from pst.knowledge.exchange.entries import read
from pst.reference_lists import DATA
from pst.search import engine as search
from pst.search.evaluation import Evaluation
from tests.processes import ROOT

JUDGED = ROOT / "tests" / "search"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = sa.create_engine(f"sqlite:///{migrated(Path(folder))}")
        prepare(engine)
        with engine.connect() as connection:
            search.rebuild(connection, ARTICLE, starter())
            report(
                tuned=figures(connection, JUDGED / "queries.json"),
                held_out=figures(connection, JUDGED / "held_out.json"),
                places=figures(connection, JUDGED / "places.json"),
                chatty=figures(connection, JUDGED / "chatty.json"),
                chatty_later=figures(connection, JUDGED / "chatty_later.json"),
            )
        engine.dispose()


def starter() -> list[search.Document]:
    """The articles that come with the service."""
    entries = json.loads((DATA / "kb_starter.json").read_text())
    return [
        search.Document(
            ARTICLE,
            id,
            slug,
            each.title,
            each.topic.value,
            each.body,
            each.tags,
            each.synonyms,
        )
        for id, (slug, each) in enumerate(read(entries).items(), 1)
    ]


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
