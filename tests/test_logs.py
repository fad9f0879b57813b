"""A log line is one JSON object, and leads from the error page to what happened."""

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from pst.database import db
from pst.web.logs import JsonLines, RequestFilter
from tests.journeys.conftest import Browser


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the log says until the block ends."""
    handler = logging.StreamHandler(stream := io.StringIO())
    handler.setFormatter(JsonLines())
    handler.addFilter(RequestFilter())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def test_the_number_on_the_error_page_stands_in_the_log(
    app: Flask, at: object, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
):
    def broken() -> None:
        raise RuntimeError("the roof is gone")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr("pst.public_pages.views.queue_today", broken)

    answer = Browser(app).get("/")

    assert answer.status_code == 500
    match = re.search(r"Nomor rujukan: (\w+)", answer.text)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert match and match[1] in {line.get("request") for line in lines}
    assert any("the roof is gone" in line.get("trace", "") for line in lines)


def test_a_failed_statement_does_not_tell_its_values(app: Flask):
    with app.app_context(), pytest.raises(sa.exc.OperationalError) as failed:
        db.session.execute(sa.text("INSERT INTO nowhere VALUES (:v)"), {"v": "Rahasia"})

    assert "Rahasia" not in str(failed.value)
