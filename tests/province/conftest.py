"""Two offices: the one that offers its figures over HTTP, and the one that asks."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from bench.seeding import Seeder
from pst import create_app
from pst.database import db, transaction
from pst.province import signing
from pst.province.districts import District
from pst.province.figure_tokens import FigureToken
from pst.reports.periods import Period
from pst.server.outward_config import Outward
from tests.conftest import copy, settings_for
from tests.processes import HOST

FEBRUARY = "2026-02"
SECRET = "rahasia kabupaten, cukup panjang untuk tanda tangan"


@pytest.fixture
def office(built: Path, tmp_path_factory: pytest.TempPathFactory, at: Any) -> Flask:
    """A district office with 54 consultations in February 2026."""
    folder = tmp_path_factory.mktemp("kabupaten")
    copy(built, folder)
    app = create_app(settings_for(folder, secret_key=SECRET))
    with app.app_context():
        Seeder(Period.parse(FEBRUARY), 60, seed=7).write()
        db.session.commit()
        db.engine.dispose()
    return app


@pytest.fixture
def token(office: Flask) -> str:
    """A token that the office made."""
    return issue(office)


def issue(office: Flask) -> str:
    with office.app_context(), transaction():
        _, token = FigureToken.issue("BPS Provinsi", 1)
    return token


@pytest.fixture
def served(office: Flask) -> Iterator[str]:
    """The office as a web server on a port of its own."""
    server = make_server(HOST, 0, office, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://{HOST}:{server.port}"
    server.shutdown()
    thread.join()
    with office.app_context():
        db.engine.dispose()


@pytest.fixture
def listed(app: Flask, token: str, at: Any) -> Callable[..., int]:
    """List an office of the province that answers at an address."""
    here = Outward(private_hosts=frozenset([HOST]))
    app.config["PST"] = replace(app.config["PST"], outward=here)

    def put(address: str, name: str = "BPS Kabupaten", key: str = "") -> int:
        key = key or signing.public_key(SECRET)
        with app.app_context(), transaction():
            return District.put(name, address, token, key, 1).id

    return put
