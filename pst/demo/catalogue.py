"""The demo's catalogue: an invented district, so that no real place gets a number."""

from pst.catalogue import documents, importing, storing
from pst.catalogue.states import Origin
from pst.database import db
from pst.reference_lists import DATA

FILE = DATA / "demo_catalogue.jsonl"
LIST = "demo/contoh"


def load() -> int:
    """Load the catalogue where there is none; return how many items were added."""
    is_there = bool(storing.items_of(LIST))
    db.session.rollback()
    if is_there:
        return 0
    entries = importing.read(FILE)
    outcome = storing.take_over(LIST, Origin.DEMO, entries)
    documents.write_pending()
    return outcome.added
