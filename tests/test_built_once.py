"""What the applications of the tests share is what no test can change for another."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, render_template_string
from werkzeug.exceptions import NotFound

from pst import create_app
from pst.database import db
from pst.web.access import everyone
from tests.conftest import settings_for

FIXED = (str, bytes, int, float, type, type(None), Path)


@pytest.fixture
def other(tmp_path: Path, app: Flask) -> Flask:
    """Another application, on a folder of its own."""
    return create_app(settings_for(tmp_path / "other"))


def alike(one: Mapping[Any, Any], two: Mapping[Any, Any]) -> set[str]:
    """Name what can change, and is one thing in both: in service too, or by us."""
    return {
        name
        for name, part in one.items()
        if part is two.get(name) and not isinstance(part, FIXED)
    }


def test_two_applications_share_addresses_and_templates_alone(
    app: Flask, other: Flask
) -> None:
    assert alike(vars(app), vars(other)) == {"url_map", "jinja_env", "login_manager"}
    assert alike(app.extensions, other.extensions) == {"sqlalchemy", "csrf"}
    assert alike(app.config, other.config) == {
        "COMPRESS_ALGORITHM",
        "COMPRESS_MIMETYPES",
    }
    assert not alike(app.before_request_funcs, other.before_request_funcs)
    assert app.blueprints.keys() == other.blueprints.keys()
    assert app.view_functions == other.view_functions


def test_an_engine_leads_to_the_database_of_its_application(
    app: Flask, other: Flask
) -> None:
    for asked in (app, other):
        with asked.app_context():
            address = sa.make_url(asked.config["PST"].database_url)
            assert db.engine.url.database == address.database


def test_one_address_more_is_the_applications_own(app: Flask, other: Flask) -> None:
    others = [str(rule) for rule in other.url_map.iter_rules()]
    app.add_url_rule("/lebih", "more", everyone(lambda: "lebih"))

    assert app.test_client().get("/lebih").text == "lebih"
    assert sorted(map(str, app.url_map.iter_rules())) == sorted([*others, "/lebih"])
    assert [str(rule) for rule in other.url_map.iter_rules()] == others
    with pytest.raises(NotFound):
        other.url_map.bind("localhost").match("/lebih")


def test_a_template_says_what_is_true_of_its_application(
    app: Flask, other: Flask
) -> None:
    for asked in (app, other, app):
        with asked.test_request_context(base_url="http://localhost/kantor"):
            text = render_template_string(
                "{{ config.PST.data_dir }} {{ url_for('public_pages.home') }}"
            )
        assert text == f"{asked.config['PST'].data_dir} /kantor/"


def test_scripts_outlast_the_folder_that_linked_to_them_first(
    built: Path, tmp_path: Path
) -> None:
    lying = shutil.copytree(built / "static", tmp_path / "lying")
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "static").symlink_to(lying)
        app = create_app(settings_for(tmp_path / name))
        (tmp_path / name / "static").unlink()
        with app.app_context():
            address = app.jinja_env.globals["asset"]("pst.js")

        assert app.test_client().get(address, buffered=True).status_code == 200
