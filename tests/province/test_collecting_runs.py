"""When the province asks its offices, and what its command says of each."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from pst import lamps
from pst.database import db, transaction
from pst.province import signing
from pst.province.districts import District
from pst.province.jobs import collect_districts, due_ids
from tests.province.conftest import FEBRUARY, SECRET, issue

Listed = Callable[..., int]


def test_the_job_asks_each_office_once_a_night(
    app: Flask, served: str, listed: Listed, at: Any
):
    id = listed(served)
    with app.app_context():
        at("2026-03-03 01:59+07:00")
        assert due_ids() == []
        at("2026-03-03 02:00+07:00")
        assert due_ids() == [id]
        collect_districts()
        assert due_ids() == []
        at("2026-03-04 02:00+07:00")
        assert due_ids() == [id]


def test_an_office_with_a_fault_is_asked_again_after_six_hours(
    app: Flask, listed: Listed, at: Any
):
    id = listed("http://127.0.0.1:1")
    with app.app_context():
        at("2026-03-03 02:00+07:00")
        collect_districts()
        at("2026-03-03 07:59+07:00")
        assert due_ids() == []
        at("2026-03-03 08:00+07:00")
        assert due_ids() == [id]


def test_without_offices_nothing_happens(app: Flask, at: Any):
    with app.app_context():
        at("2026-03-03 03:00+07:00")
        collect_districts()

        assert "districts" not in lamps.by_name()


def test_the_command_says_how_each_went(
    app: Flask, office: Flask, served: str, listed: Listed
):
    listed(served, "BPS B")
    listed("http://127.0.0.1:1", "BPS A")

    result = app.test_cli_runner().invoke(
        args=["province", "collect", "--period", FEBRUARY]
    )

    assert result.exit_code == 1
    assert "2026-02  BPS A: unreachable" in result.output
    assert "2026-02  BPS B: received" in result.output


@pytest.mark.parametrize("period", ["2026-03", "2027-01", "2023-02"])
def test_the_command_asks_no_one_for_what_no_office_has(
    app: Flask, listed: Listed, period: str
):
    id = listed("http://127.0.0.1:1")

    result = app.test_cli_runner().invoke(
        args=["province", "collect", "--period", period]
    )

    assert result.exit_code == 1 and "not over" in result.output
    with app.app_context():
        assert db.session.get_one(District, id).tried_at is None


def test_the_command_refuses_what_is_no_month(app: Flask):
    result = app.test_cli_runner().invoke(
        args=["province", "collect", "--period", "2026-T1"]
    )

    assert result.exit_code == 1 and "2026-11" in result.output


def test_an_office_may_be_given_another_token(
    app: Flask, office: Flask, served: str, listed: Listed
):
    id = listed(served)
    fresh = issue(office)

    with app.app_context(), transaction():
        key = signing.public_key(SECRET)
        assert District.put("BPS B", served, fresh, key, 1).id == id
        assert len(District.all()) == 1
