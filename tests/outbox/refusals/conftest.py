"""A mail server whose answers a test writes."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.outbox.refusals.steps import use
from tests.outbox.scripted import ScriptedServer


@pytest.fixture
def server(app: Flask) -> Iterator[ScriptedServer]:
    with ScriptedServer() as scripted:
        use(app, scripted)
        yield scripted
