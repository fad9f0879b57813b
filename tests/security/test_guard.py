"""Other sites may link to us and nothing else; we answer to our own names only."""

from dataclasses import replace

import pytest

from pst import create_app
from tests.conftest import settings_for
from tests.journeys.conftest import Browser

NAVIGATES = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


@pytest.fixture
def visitor(app, at) -> Browser:
    return Browser(app)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_links_to_us_but_fetches_and_embeds_nothing(visitor, site):
    from_there = {"Sec-Fetch-Site": site}

    assert visitor.get("/", headers={**from_there, **NAVIGATES}).status_code == 200
    for mode, dest in (("cors", "empty"), ("no-cors", "image"), ("navigate", "iframe")):
        refused = visitor.get(
            "/", headers={**from_there, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
        )
        assert refused.status_code == 403
        assert "situs lain" in refused.text


def test_another_site_sends_no_form(visitor):
    answer = visitor.post(
        "/lupa-sandi",
        {"email": "siti@contoh.test"},
        headers={"Sec-Fetch-Site": "cross-site", **NAVIGATES},
    )

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "host", ["jahat.test", "localhost.jahat.test", "jahat.test:80", "a@b", ""]
)
def test_a_host_that_is_not_ours_is_refused(visitor, host):
    assert visitor.get("/", headers={"Host": host}).status_code == 400


def test_our_own_names_are_answered(built, tmp_path, at):
    config = replace(settings_for(tmp_path), base_url="https://pst.contoh.go.id")
    app = create_app(config)
    trusted = app.config["TRUSTED_HOSTS"]

    assert "pst.contoh.go.id" in trusted
    assert "localhost" in trusted
    assert "contoh.go.id" not in trusted


def test_links_in_mails_never_follow_the_host_header(app, visitor, at):
    andi = Browser(app).log_in("andi")
    visitor.post(
        "/lupa-sandi",
        {"email": "siti@contoh.test"},
        headers={"Host": "localhost:9999"},
    )

    page = andi.get("/admin/surel/1").text
    assert "http://127.0.0.1:8000/sandi-baru/" in page
    assert ":9999" not in page
