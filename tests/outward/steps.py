"""A party that is called, and what it answers."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pst.outward.calls import CallFailure, Party, ask
from tests.processes import HOST
from tests.web_server import Answer, WebServer

PARTY = Party("test_party", (HOST,), timeout_s=1, max_bytes=10_000)


@contextmanager
def answering(answer: Answer) -> Iterator[WebServer]:
    with WebServer(lambda request: answer) as server:
        yield server


def reason_of(party: Party, url: str) -> str:
    with pytest.raises(CallFailure) as failure:
        ask(party, url)
    return failure.value.reason
