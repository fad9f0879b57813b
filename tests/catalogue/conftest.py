"""A service that fetches from a server of ours."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from pst.database import transaction
from pst.demo import catalogue
from pst.server.outward_config import Outward
from pst.webapi import client as webapi
from pst.webapi.source import CatalogueSource
from tests.catalogue_server import KEY, CatalogueServer
from tests.processes import HOST


@pytest.fixture
def server(
    app: Flask, context: None, at: object, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CatalogueServer]:
    """The server, known to the service with a key and one district."""
    monkeypatch.setattr(webapi, "PAUSE_S", 0)
    monkeypatch.setattr(webapi, "RETRY_PAUSES_S", (0.0, 0.0))
    monkeypatch.setattr(webapi, "TIMEOUT_S", 0.5)
    with CatalogueServer() as server:
        app.config["PST"] = replace(
            app.config["PST"],
            webapi_url=f"{server.url}/v1/api",
            outward=Outward(private_hosts=frozenset([HOST])),
        )
        with transaction():
            CatalogueSource.change(KEY, ["9901"], None)
        yield server


@pytest.fixture
def demo(context: None, at: object) -> None:
    """The demo's catalogue of an invented district."""
    assert catalogue.load() == 47
    assert catalogue.load() == 0
