"""Lists that other features fetch from the WebAPI: why one does not come, in words."""

from collections.abc import Iterator
from contextlib import contextmanager

from pst.list_files.problems import BadList
from pst.outward.calls import CallFailure
from pst.webapi.source import NotSetUp


@contextmanager
def refused_in_words() -> Iterator[None]:
    """Raise `BadList` with the reason when the key is not set or no answer comes."""
    try:
        yield
    except NotSetUp as error:
        raise BadList.because("Kunci WebAPI dan domain belum diisi.") from error
    except CallFailure as error:
        reason = f"WebAPI tidak memberi daftar itu: {error.reason}: {error}"
        raise BadList.because(reason) from error
