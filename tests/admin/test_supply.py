"""What the service is made of, and whether holes in it are known."""

import json
from collections.abc import Iterator

import pytest
from flask import Flask

from deploy.release import bill
from pst.admin.supply import LOCK, parts
from pst.config import ROOT
from tests.web_server import Answer, Request, WebServer


def advise(request: Request) -> Answer:
    """Know of one hole, in Flask."""
    hole = {"vulns": [{"id": "GHSA-x"}]}
    queries = json.loads(request.body)["queries"]
    results = [hole if "pypi/flask@" in q["package"]["purl"] else {} for q in queries]
    return Answer(json.dumps({"results": results}).encode())


@pytest.fixture
def source() -> Iterator[str]:
    with WebServer(advise) as server:
        yield server.url


def test_every_part_is_locked_with_its_hashes():
    found = {part.name: part for part in parts()}

    assert {"flask", "sqlalchemy", "granian", "htmx.org"} <= set(found)
    assert all(part.hashes for part in found.values())


def test_the_bill_of_a_release_names_parts_as_others_do():
    written = bill.of_lock(ROOT, LOCK.read_text())

    assert written["bomFormat"] == "CycloneDX"
    purls = {part["purl"] for part in (*written["components"], *bill.scripts())}
    assert any(purl.startswith("pkg:pypi/argon2-cffi@") for purl in purls)
    assert "pkg:npm/htmx.org@4.0.1" in purls


def test_a_known_hole_fails_the_check(app: Flask, source: str):
    result = app.test_cli_runner().invoke(args=["supply", "check", "--source", source])

    assert result.exit_code == 1
    assert "GHSA-x" in result.output


def test_without_anyone_to_ask_the_check_says_so_and_goes_on(app: Flask):
    closed_port = "http://127.0.0.1:9/"

    result = app.test_cli_runner().invoke(
        args=["supply", "check", "--source", closed_port]
    )

    assert result.exit_code == 0
    assert "not checked" in result.output
