"""A classification fetched whole from the WebAPI, with the office's key."""

from collections.abc import Callable

from pst.classifications.importing import editions as importing
from pst.classifications.importing.editions import ImportOutcome
from pst.list_files.problems import BadList
from pst.list_files.runs import ListSource
from pst.webapi.list_answers import refused_in_words
from pst.webapi.source import client

# The lists that the WebAPI has; others come from a file.
OFFERED = ("kbli-2025", "kbli-2020", "kbli-2017", "kbki-2015")
EVERYWHERE = "0000"
ROWS_A_PAGE = 100
SOURCE = "BPS, WebAPI"
Progress = Callable[[int], None]


def fetch(
    slug: str,
    by_id: int | None = None,
    may_withdraw: bool = False,
    progress: Progress = lambda _: None,
) -> ImportOutcome:
    """Fetch an edition and write it whole; call it in no transaction.

    Raises `BadList`, and keeps why, when it does not come or is not as it should be.
    """

    def read() -> importing.ReadList:
        if slug not in OFFERED:
            raise BadList.because(f"WebAPI tidak mempunyai {slug}. Impor dari berkas.")
        rows = []
        with refused_in_words():
            api, _ = client()
            model = slug.replace("-", "")
            for row in api.pages(model, EVERYWHERE, perpage=ROWS_A_PAGE):
                rows.append(row)
                progress(len(rows))
        return importing.read_rows(rows, slug)

    return importing.write_or_refuse(
        slug, ListSource(SOURCE, by_id=by_id), read, may_withdraw
    )
