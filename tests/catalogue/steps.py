"""A run over the lists of a source, and what it left."""

import sqlalchemy as sa

from pst import clock
from pst.catalogue.models import CatalogueItem
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
