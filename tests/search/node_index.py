"""What the index of this web server holds, once it has caught up."""

from pst.database import reading
from pst.search.storage import store


def copied() -> set[str]:
    """Read the synonyms that the file has."""
    with reading():
        query = "SELECT terms FROM synonym_group"
        return set(store.reading().exec_driver_sql(query).scalars())
