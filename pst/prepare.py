"""Make the data ready for service: `flask prepare`, safe to run at every start."""

import importlib
import json
from pathlib import Path
from typing import IO

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext

from pst.classifications.activities import index as activity_index
from pst.classifications.importing import example
from pst.config import ROOT
from pst.consultations.answers.canned import CannedAnswer
from pst.database import db, transaction
from pst.demo import catalogue, people
from pst.knowledge.exchange import entries, importing
from pst.list_files.runs import ListSource
from pst.office import audit, days_off, settings
from pst.regions import importing as region_lists
from pst.search.storage import sources

DATA = Path(__file__).parent / "data"
OFFICE = DATA / "office_banjarnegara.json"
REGIONS = DATA / "region_example.csv"
ARTICLES = DATA / "kb_starter.json"


@click.command("prepare")
@click.option("--office", type=click.File(), default=str(OFFICE), help="JSON; -: stdin")
@click.option("--articles/--no-articles", default=None, help="Load starter articles.")
@with_appcontext
def prepare(office: IO[str], articles: bool | None) -> None:
    """Migrate; on a new database load office, calendar, texts; make demo people.

    Without a demo the first admin chooses the articles, at the first visit.
    """
    migrate()
    sources.fill_empty()
    activity_index.fill_empty()
    is_new = db.session.scalar(sa.select(settings.OfficeSetting).limit(1)) is None
    db.session.rollback()
    is_demo = current_app.config["PST"].demo
    if is_new and (is_demo if articles is None else articles):
        _load_articles()
    if is_new and is_demo:
        _load_examples()
    with transaction():
        if is_new:  # last: a start that broke off before begins again
            # Demo people show both steps and need neither.
            CannedAnswer.bring_along()
            settings.change({"require_two_step": not is_demo, **json.load(office)})
        days_off.seed_ahead()
        audit.begin_key()
    if is_demo:
        catalogue.load()
        people.make_people.main(args=[], standalone_mode=False)


def migrate() -> None:
    """Bring the database up to this version."""
    importlib.import_module("flask_migrate").upgrade(directory=str(ROOT / "migrations"))


def _load_examples() -> None:
    """Write invented codes and a few regions, so that a demo shows how they look."""
    source = "Contoh untuk uji coba"
    with transaction(), REGIONS.open("rb") as file:
        example.load()
        regions, findings = region_lists.read(file)
        region_lists.write(regions, findings, ListSource(source))


def _load_articles() -> None:
    with transaction():
        outcome = importing.load(entries.starter())
    click.echo(f"{outcome.made} articles made.")
