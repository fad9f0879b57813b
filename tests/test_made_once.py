"""What pages share is made once a process, and is what each would have made."""

from typing import Any

from flask import Flask

from pst.consultations.forms import MessageForm
from pst.web.once import Application, blank, part
from pst.web.template_source import SharedGlobals


def test_addresses_are_those_that_flask_writes(app: Flask) -> None:
    plain = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not rule.arguments and "GET" in (rule.methods or ())
    ]
    assert plain

    here = app.config["PST"].base_url
    for base in (here, f"{here}/kantor"):
        with app.test_request_context(base_url=base):
            for endpoint in plain:
                address = Flask.url_for(app, endpoint)
                assert app.url_for(endpoint) == app.url_for(endpoint) == address


def test_an_address_is_put_together_once(app: Flask) -> None:
    assert isinstance(app, Application)
    with app.test_request_context():
        first = app.url_for("public_pages.home")

        assert app.url_for("public_pages.home") is first


def test_an_address_is_kept_for_each_of_its_values(app: Flask) -> None:
    given: list[dict[str, Any]] = [
        {"number": "KS-2026-000001"},
        {"number": "KS-2026-000002"},
        {"number": "KS-2026-000002", "_anchor": "akhir"},
        {"number": "KS-2026-000002", "hal": 1},
        {"number": "KS-2026-000002", "hal": True},
        {"number": "KS-2026-000002", "next": None},
        {"number": "KS-2026-000002", "_external": True},
    ]
    with app.test_request_context():
        for values in [*given, *given]:
            address = Flask.url_for(app, "consultations.show", **values)
            assert app.url_for("consultations.show", **values) == address


def test_an_address_near_by_is_of_the_page_that_asks(app: Flask) -> None:
    for path in ("/konsultasi", "/petugas", "/konsultasi"):
        with app.test_request_context(path):
            assert app.url_for(".show", number="KS-2026-000001") == Flask.url_for(
                app, ".show", number="KS-2026-000001"
            )


def test_a_field_still_empty_is_written_once_for_each_look(app: Flask) -> None:
    with app.test_request_context():
        body = blank(MessageForm).body

        assert body(rows=2) is body(rows=2)
        assert 'rows="3"' in body(rows=3)
        assert body(rows=2) == MessageForm(formdata=None).body(rows=2)


def test_a_part_is_kept_for_each_of_its_values(app: Flask) -> None:
    with app.test_request_context():
        of_users = part("frame/_services.html", manual="manuals.user")

        assert part("frame/_services.html", manual="manuals.user") is of_users
        assert part("frame/_services.html", manual="manuals.admin") != of_users


def test_templates_share_their_globals(app: Flask) -> None:
    # Asked for too early, the environment is Flask's, without a sign.
    assert isinstance(app.jinja_env, SharedGlobals)
