"""A party that may be called, named in the settings."""

from dataclasses import replace

import pytest
from flask import Flask

from pst.server.outward_config import Outward
from tests.processes import HOST


@pytest.fixture(autouse=True)
def party_in_the_settings(app: Flask) -> None:
    """Let the service call this machine."""
    here = Outward(private_hosts=frozenset([HOST, "localhost"]))
    app.config["PST"] = replace(app.config["PST"], outward=here)
