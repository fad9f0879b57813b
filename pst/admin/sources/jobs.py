"""Fetching the lists that an admin asked for."""

import logging

from pst.classifications.importing import fetching as code_fetching
from pst.database import transaction
from pst.list_files.problems import BadList
from pst.list_files.runs import ListWish
from pst.regions import fetching as region_fetching
from pst.regions.importing import NAME as REGIONS

log = logging.getLogger(__name__)


def fetch_lists() -> None:
    """Fetch the lists that were asked for; a refusal is kept for the screen."""
    while True:
        with transaction():
            wish = ListWish.take()
        if wish is None:
            return
        name, by_id = wish
        try:
            if name == REGIONS:
                region_fetching.fetch(by_id)
            else:
                code_fetching.fetch(name, by_id)
        except BadList as refusal:
            log.warning("list %s refused: %s problems", name, len(refusal.problems))
        with transaction():
            ListWish.settle(name)
