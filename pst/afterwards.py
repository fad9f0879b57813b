"""Small things written once the answer is sent, in a transaction of their own.

A GET changes no row that its reader waits for, and takes no lock while it works. What
is written here may be lost when the process dies; nothing depends on it.
"""

import logging
from collections.abc import Callable

from flask import Response, after_this_request, current_app
from sqlalchemy.exc import OperationalError

from pst.database import transaction

log = logging.getLogger(__name__)


def afterwards(work: Callable[[], object]) -> None:
    """Call `work` after the answer to this request; it sees no request any more."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def write() -> None:
        try:
            with app.app_context(), transaction():
                work()
        except OperationalError:
            log.warning("%s was not written afterwards", work.__qualname__)

    @after_this_request
    def hang(response: Response) -> Response:
        response.call_on_close(write)
        return response
