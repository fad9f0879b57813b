"""Make the data ready for service: `flask prepare`, safe to run at every start."""

import json
from pathlib import Path

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from pst import demo
from pst.config import ROOT
from pst.database import db, transaction
from pst.office import settings, workdays

DATA = Path(__file__).parent / "data"
OFFICE = DATA / "office_banjarnegara.json"
ARTICLES = DATA / "kb_starter.json"


@click.command("prepare")
@click.option("--office", type=click.Path(exists=True, path_type=Path), default=OFFICE)
@with_appcontext
def prepare(office: Path) -> None:
    """Migrate; on a new database load articles, office, calendar; make demo people."""
    upgrade(directory=str(ROOT / "migrations"))
    is_new = db.session.scalar(sa.select(settings.OfficeSetting).limit(1)) is None
    db.session.rollback()
    if is_new:
        _load_articles(current_app)  # type: ignore[arg-type]
    with transaction():
        if is_new:  # last: a start that broke off before begins anew
            settings.change(json.loads(office.read_text()))
        workdays.seed_ahead()
    if current_app.config["PST"].demo:
        demo.make_people.main(args=[], standalone_mode=False)


def _load_articles(app: Flask) -> None:
    group = app.cli.commands.get("articles")
    if isinstance(group, click.Group) and "import" in group.commands:
        group.commands["import"].main(args=[str(ARTICLES)], standalone_mode=False)
