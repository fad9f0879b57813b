"""Articles from a file: all of them or none, and out again as they came."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from pst.database import db
from pst.knowledge.documents import ARTICLE
from pst.knowledge.exchange import importing
from pst.knowledge.exchange.entries import read
from pst.knowledge.models import Article
from pst.search import engine
from pst.search.storage import sources, store
from tests.starter_articles import STARTER

ENTRY: dict[str, Any] = {
    "slug": "luas-waduk",
    "title": "Berapa luas waduk?",
    "category": "layanan",
    "tags": ["waduk"],
    "synonyms": [],
    "body": "Waduk itu luas.",
}


def run(app: Flask, *words: str, **options: Any):
    return app.test_cli_runner().invoke(args=list(words), **options)


def test_the_starter_articles_come_out_as_they_went_in(articles: list[Article]):
    entries = json.loads(STARTER.read_text())

    exported = [
        {name: entry[name] for name in entries[0]} for entry in importing.export()
    ]

    assert len(articles) == len(entries)
    assert exported == entries


def test_an_import_updates_by_slug_and_only_what_changed(app: Flask, tmp_path: Path):
    file = tmp_path / "a.json"
    file.write_text(json.dumps([ENTRY]))
    assert "1 made, 0 changed" in run(app, "articles", "import", str(file)).output
    assert "1 as they were" in run(app, "articles", "import", str(file)).output
    file.write_text(json.dumps([{**ENTRY, "body": "Waduk itu dalam."}]))
    assert "1 changed" in run(app, "articles", "import", str(file)).output

    with app.app_context():
        article = db.session.scalar(db.select(Article))
        assert article is not None
        assert (article.number, article.published_number) == (2, 2)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"title": " "}, "title"),
        ({"category": "lain"}, "category"),
        ({"slug": "a b"}, "slug"),
        ({"body": 3}, "body"),
        ({"tags": "x"}, "tags"),
        ({"review_on": "kapan"}, "kapan"),
    ],
)
def test_a_wrong_entry_is_named_and_changes_nothing(
    app: Flask, tmp_path: Path, changed: dict[str, Any], reason: str
):
    file = tmp_path / "a.json"
    file.write_text(json.dumps([{**ENTRY, "slug": "baik"}, {**ENTRY, **changed}]))

    answer = run(app, "articles", "import", str(file))

    assert answer.exit_code == 1
    assert "Entry 2" in answer.output and reason in answer.output
    with app.app_context():
        assert db.session.scalar(db.select(Article)) is None


@pytest.mark.parametrize("text", ["", "{", "{}", "[3]", "\xff"])
def test_a_file_that_is_no_list_of_articles_is_refused(
    app: Flask, tmp_path: Path, text: str
):
    file = tmp_path / "a.json"
    file.write_text(text, encoding="latin-1")

    assert run(app, "articles", "import", str(file)).exit_code == 1


def test_many_articles_are_found_after_one_import(app: Flask, context):
    """In several transactions, so that other writers need not wait for all of them."""
    entries = [
        {**ENTRY, "slug": f"waduk-{n}", "title": f"Waduk {n}"} for n in range(120)
    ]
    contents = read(entries)

    assert importing.load_all(contents) == importing.ArticleImportCounts(made=120)
    assert importing.load_all(contents) == importing.ArticleImportCounts(same=120)
    connection = store.reading()

    assert engine.search(connection, "waduk 110", ARTICLE).hits[0].slug == "waduk-110"
    assert not sources.drift()


def test_queries_on_standard_input_are_answered_line_by_line(app: Flask, articles):
    answer = run(app, "search", "run", input="garis kemiskinan\n\nresep nasi goreng\n")

    lines = [json.loads(line) for line in answer.output.splitlines()]
    assert [line["query"] for line in lines] == [
        "garis kemiskinan",
        "",
        "resep nasi goreng",
    ]
    assert lines[0]["slugs"][0] == "garis-kemiskinan"
    assert lines[1]["slugs"] == lines[2]["slugs"] == []


def test_the_commands_measure_check_and_repair(app: Flask, articles, tmp_path: Path):
    file = tmp_path / "q.json"
    query = {"group": "easy", "query": "garis kemiskinan"}
    file.write_text(json.dumps([query | {"relevant": {"garis-kemiskinan": 2}}]))

    assert "1.000" in run(app, "search", "evaluate", str(file)).output
    assert "agrees" in run(app, "search", "check").output
    assert "94 documents" in run(app, "search", "reindex").output
