"""The state of the store of files, where it is not the folder of the data."""

from typing import Any

from flask import current_app

from pst.lamps import Level
from pst.uploads.file_store import files
from pst.uploads.formats import StoreAway


def file_store() -> tuple[Level, Any]:
    """Return whether the store of files answers; without it there are no files."""
    place = current_app.config["PST"].files
    try:
        is_well = place is None or files().answers()
    except StoreAway:
        is_well = False
    return Level.GOOD if is_well else Level.BAD, None
