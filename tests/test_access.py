"""Every view says who may call it, and no one else may."""

import pytest
from flask import Flask

from tests.journeys.conftest import Browser

MARKS = {"everyone", "signed_in", "officers", "staff", "heads", "overseers"}
MARKS |= {"admins", "team"}
NAMES = {"user": "siti", "officer": "budi", "head": "hasan", "admin": "andi"}


def test_every_view_has_an_access_mark(app: Flask):
    unmarked = [
        name
        for name, view in app.view_functions.items()
        if getattr(view, "access", None) not in MARKS
    ]

    assert not unmarked


def test_a_visitor_is_sent_to_the_log_in(app: Flask):
    browser = Browser(app)
    for path in guarded(app):
        answer = browser.get(path)
        assert answer.status_code == 302, path
        assert answer.location.startswith("/masuk?next="), path


@pytest.mark.parametrize("role", ["user", "officer", "head", "admin"])
def test_a_page_for_others_is_refused(app: Flask, role: str):
    browser = Browser(app).log_in(NAMES[role])
    for path, roles in guarded(app).items():
        is_refused = browser.get(path).status_code == 403
        assert is_refused == (role not in roles), f"{role} {path}"


def guarded(app: Flask) -> dict[str, set[str]]:
    """List the GET addresses without parameters that not everyone may call."""
    return {
        rule.rule: {role.value for role in app.view_functions[rule.endpoint].roles}  # type: ignore[attr-defined]
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.arguments
        and app.view_functions[rule.endpoint].access != "everyone"  # type: ignore[attr-defined]
    }
