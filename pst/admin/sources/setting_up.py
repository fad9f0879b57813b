"""Setting the sources for the first time, and asking for their lists."""

from wtforms import PasswordField
from wtforms.validators import ValidationError

from pst import clock
from pst.admin.sources.views import SourceForm
from pst.list_files.runs import ListWish
from pst.office import audit
from pst.regions.importing import NAME as REGIONS
from pst.webapi.source import CatalogueSource

CATALOGUE = "katalog"
# What a new office fetches; other editions wait on the screen of the sources.
FETCHED = (CATALOGUE, "kbli-2025", REGIONS)


class FirstSourceForm(SourceForm):
    """The key and the domains, without which nothing can be fetched."""

    def validate_key(self, field: PasswordField) -> None:
        super().validate_key(field)
        source = CatalogueSource.current()
        if not field.data and not (source and source.key):
            raise ValidationError("Isi kuncinya, atau lewati dahulu.")


def keep(form: SourceForm, by_id: int) -> None:
    """Store the key and the domains that were typed."""
    CatalogueSource.change(form.key.data or "", form.codes, by_id)
    audit.record("change_source", "catalogue", by_id, domains=form.codes)


def wish(names: set[str], by_id: int) -> None:
    """Ask for lists; the timetable fetches them within a minute."""
    for name in sorted(names - {CATALOGUE}):
        ListWish.make(name, by_id)
    source = CatalogueSource.current()
    if CATALOGUE in names and source is not None:
        source.wanted_at = clock.now()
