"""After a restoration the pages say from when the data are; a lamp tells of the lag."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask, render_template_string

from pst import create_app
from pst.admin.continuous_copy import state
from pst.admin.health.looks import checks
from pst.office import restored
from pst.server.copy_config import CopyTarget

At = Callable[[str], None]
WORDS = "Layanan ini dipulihkan pada"


def home(app: Flask) -> str:
    """Read the first page as a process that starts now makes it."""
    fresh = create_app(app.config["PST"])
    return fresh.test_client().get("/").text


def test_the_first_page_says_for_a_week_from_when_the_data_are(app: Flask, at: At):
    at("2026-03-02 10:30+07:00")
    assert WORDS not in home(app)
    moment = datetime.fromisoformat("2026-03-02 08:15+07:00")

    restored.note(app.config["PST"].data_dir, moment)

    page = home(app)
    assert WORDS in page and "08.15" in page
    at("2026-03-09 10:29+07:00")
    assert WORDS in home(app)
    at("2026-03-09 10:31+07:00")
    assert WORDS not in home(app)


ZONELESS = '{"at": "2026-03-02T08:15", "restored_at": "2026-03-02T10:30"}'


@pytest.mark.parametrize("text", ["", "{", "[]", '{"at": "x"}', '{"at": 5}', ZONELESS])
def test_a_torn_note_says_nothing(tmp_path: Path, text: str):
    (tmp_path / restored.FILE).write_text(text)

    assert restored.read(tmp_path) is None


def test_the_lamp_says_how_far_the_copy_is_and_why(app: Flask, at: At):
    config = app.config["PST"]
    app.config["PST"] = replace(config, copy=CopyTarget("copy:/x", {}))
    state.folder_in(config.data_dir).mkdir()
    behind = state.CopyState(complete_at=time.time() - 3600, error="tidak terpasang")
    state.write(config.data_dir, behind)

    with app.test_request_context():
        (check,) = (each for each in checks() if each.name == "continuous_copy")
        said = render_template_string(
            '{% from "admin/_check_words.html" import check_words %}'
            "{{ check_words(check, url_for) }}",
            check=check,
        )

    assert check.level == "bad"
    assert "tertinggal 1 jam" in said and "tidak terpasang" in said
