"""What the screen of the sources shows of lists of codes and regions."""

from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from pst.admin.sources.list_forms import CodesForm, ConversionForm, RegionsForm
from pst.classifications.importing.fetching import OFFERED
from pst.classifications.models import Classification, Code
from pst.database import db
from pst.list_files.runs import ListImport, ListWish
from pst.regions.importing import NAME as REGIONS
from pst.regions.models import Region
from pst.webapi.source import CatalogueSource


@dataclass
class Lists:
    """The editions and regions there are, with their last imports."""

    @cached_property
    def editions(self) -> list[Classification]:
        return Classification.all()

    @cached_property
    def codes(self) -> dict[int, int]:
        """How many codes each edition has."""
        query = sa.select(Code.classification_id, sa.func.count())
        query = query.where(Code.withdrawn_at.is_(None))
        rows = db.session.execute(query.group_by(Code.classification_id))
        return {id: count for id, count in rows}

    @cached_property
    def regions(self) -> dict[int, int]:
        """How many regions there are of each level."""
        query = sa.select(Region.level, sa.func.count())
        query = query.where(Region.withdrawn_at.is_(None))
        rows = db.session.execute(query.group_by(Region.level).order_by(Region.level))
        return {level: count for level, count in rows}

    @cached_property
    def last(self) -> dict[str, ListImport]:
        return ListImport.last()

    @property
    def runs(self) -> list[ListImport]:
        """The last import of each list, the newest first."""
        return sorted(self.last.values(), key=lambda run: -run.id)

    @cached_property
    def wished(self) -> set[str]:
        return ListWish.names()

    @property
    def fetchable(self) -> list[str]:
        """The lists that may be fetched now; none without a key."""
        source = CatalogueSource.current()
        return [*OFFERED, REGIONS] if source and source.key else []

    @property
    def codes_form(self) -> CodesForm:
        return CodesForm(formdata=None)

    @property
    def conversion_form(self) -> ConversionForm:
        return ConversionForm(formdata=None)

    @property
    def regions_form(self) -> RegionsForm:
        return RegionsForm(formdata=None)
