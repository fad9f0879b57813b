"""Small things written once the answer is sent, those of one request together.

A GET changes no row that its reader waits for, and takes no lock while it works. What
is written here may be lost when the process dies; nothing depends on it.
"""

import logging
from collections.abc import Callable

from flask import Flask, Response, after_this_request, current_app, g

from pst.database import transaction

log = logging.getLogger(__name__)
Work = Callable[[], object]


def afterwards(work: Work) -> None:
    """Call `work` after the answer to this request; it sees no request any more."""
    if "afterwards" in g:
        g.afterwards.append(work)
        return
    works = g.afterwards = [work]
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    @after_this_request
    def hang(response: Response) -> Response:
        response.call_on_close(lambda: _write(app, works))
        return response


def _write(app: Flask, works: list[Work]) -> None:
    try:
        with app.app_context(), transaction():
            for work in works:
                work()
    except Exception:
        log.warning("a small thing could not be written", exc_info=True)
