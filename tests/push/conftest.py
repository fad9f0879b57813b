"""The service with keys for notices, and browsers that subscribe."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from pst.outward.calls import Party
from pst.push import devices
from pst.server.outward_config import Outward
from tests.processes import HOST
from tests.push.steps import Maker


@pytest.fixture
def maker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Maker]:
    monkeypatch.setattr(devices, "PUSH", Party("push", (HOST,), timeout_s=0.5))
    monkeypatch.setattr(devices, "SCHEMES", ("http",))
    with Maker() as server:
        yield server


@pytest.fixture
def app(app: Flask) -> Flask:
    here = Outward(private_hosts=frozenset([HOST]))
    app.config["PST"] = replace(app.config["PST"], outward=here)
    return app
