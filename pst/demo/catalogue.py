"""The demo's catalogue: an invented district, so that no real place gets a number."""

from pst.catalogue import documents, importing, storing
from pst.catalogue.states import Origin
from pst.database import db, transaction
from pst.office import settings
from pst.reference_lists import DATA

FILE = DATA / "demo_catalogue.jsonl"
LIST = "demo/contoh"


# What the demo shows on its first page.
ON_FRONT = ("penduduk", "persen-miskin", "ipm", "tpt", "ekonomi", "inflasi-yoy")


def load() -> int:
    """Load the catalogue where there is none; return how many items were added."""
    is_there = bool(storing.items_of(LIST))
    db.session.rollback()
    if is_there:
        return 0
    entries = importing.read(FILE)
    outcome = storing.take_over(LIST, Origin.DEMO, entries)
    documents.write_pending()
    with transaction():
        ids = {item.source_id: item.id for item in storing.items_of(LIST)}
        item_ids = ", ".join(str(ids[name]) for name in ON_FRONT)
        settings.change({"home_indicators": item_ids})
    return outcome.added
