"""The commands `flask articles` and `flask search`."""

import json
import sys
import time
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from pst.database import only_read
from pst.knowledge.documents import ARTICLE
from pst.knowledge.exchange import entries, importing
from pst.search import engine
from pst.search.evaluation import Evaluation
from pst.search.storage import sources, store

articles = AppGroup("articles", help="Load and save articles.")
search = AppGroup("search", help="Ask, measure and repair the search.")


@articles.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_articles(file: Path) -> None:
    """Publish the articles in FILE, updating by slug; none if one is wrong."""
    try:
        contents = entries.read(json.loads(file.read_text(encoding="utf-8")))
    except (entries.BadArticle, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise click.ClickException(f"{error} Nothing was changed.") from error
    outcome = importing.load_all(contents)
    click.echo(
        f"{outcome.made} made, {outcome.changed} changed, {outcome.same} as they were."
    )


@articles.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
def export_articles(file: Path | None) -> None:
    """Write the published articles as JSON to FILE, or to standard output."""
    only_read()
    text = json.dumps(importing.export(), ensure_ascii=False, indent=1) + "\n"
    if file is None:
        click.echo(text, nl=False)
    else:
        file.write_text(text, encoding="utf-8")


@search.command("run")
@click.option("--limit", default=10, type=click.IntRange(1, 100), show_default=True)
def run(limit: int) -> None:
    """Read a query a line from standard input; print a JSON line for each.

    `sure` says whether they are taken to answer, or may only be related."""
    only_read()
    connection = store.reading()
    for words in sys.stdin.buffer:
        query = words.decode("utf-8", "replace").rstrip("\r\n")
        answer = engine.search(connection, query, ARTICLE, limit)
        slugs = [hit.slug for hit in answer.hits or answer.unsure]
        line = {"query": query, "slugs": slugs, "sure": bool(answer.hits)}
        print(json.dumps(line | {"corrected": answer.corrected}), flush=True)


@search.command("evaluate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def evaluate(file: Path, as_json: bool) -> None:
    """Measure the search on the judged queries in FILE, by group."""
    only_read()
    evaluation = Evaluation()
    connection = store.reading()
    for query in json.loads(file.read_text(encoding="utf-8")):
        start = time.perf_counter()
        answer = engine.search(connection, query["query"], ARTICLE)
        seconds = time.perf_counter() - start
        sure = [hit.slug for hit in answer.hits]
        slugs = sure or [hit.slug for hit in answer.unsure]
        evaluation.add(query["group"], query["relevant"], sure, slugs, seconds)
    figures = evaluation.figures()
    click.echo(json.dumps(figures, indent=1) if as_json else _table(figures))


@search.command("reindex")
def reindex() -> None:
    """Index every document again while the service runs."""
    start = time.perf_counter()
    count = sources.reindex()
    click.echo(f"{count} documents indexed in {time.perf_counter() - start:.1f} s.")


@search.command("check")
def check() -> None:
    """Compare the index with what it is made from; fail when they differ."""
    only_read()
    if drift := sources.drift():
        raise click.ClickException(f"{drift} Run: flask search reindex")
    click.echo("The index agrees with its sources.")


def _table(figures: dict[str, dict[str, Any]]) -> str:
    names = list(next(iter(figures.values()), {}))
    lines = [f"{'group':12}" + "".join(f"{name:>12}" for name in names)]
    for group, values in figures.items():
        cells = (values[name] for name in names)
        lines.append(f"{group:12}" + "".join(f"{_cell(cell):>12}" for cell in cells))
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.3f}"
