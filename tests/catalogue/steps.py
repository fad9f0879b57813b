"""A run over the lists of a source, and what it left."""

import sqlalchemy as sa

from pst import clock
from pst.catalogue.figures import Figure
from pst.catalogue.models import CatalogueItem
from pst.catalogue.queries import CatalogueResults
from pst.catalogue.web_service import nightly
from pst.catalogue.web_service.source_rows import CatalogueRun
from pst.database import db

NOTHING = {"status": "OK", "data-availability": "not-available", "data": ""}


def run() -> None:
    nightly.run(clock.now())


def items(name: str) -> list[CatalogueItem]:
    query = sa.select(CatalogueItem).filter_by(list_name=f"9901/{name}")
    return list(db.session.scalars(query.order_by(CatalogueItem.id)))


def run_of(name: str) -> CatalogueRun:
    return db.session.get_one(CatalogueRun, f"9901/{name}")


def answer(question: str) -> Figure | None:
    return CatalogueResults(question).figure


def is_exact(figure: Figure) -> bool:
    """Return whether it is for the period and the area that were asked for."""
    return not (figure.missing_period or figure.missing_place)
