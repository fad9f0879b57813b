"""On a shared computer a log-in ends soon, and the browser keeps nothing of it."""

from io import BytesIO

import pyotp
import pytest
from PIL import Image

from pst import clock
from tests.journeys.conftest import Browser
from tests.people import PASSWORD, email_of
from tests.steps import MINE, ask, secret_in


@pytest.fixture
def shared(browser) -> Browser:
    made = browser()
    answer = made.post(
        "/masuk", {"email": email_of("siti"), "password": PASSWORD, "shared": "ya"}
    )
    assert answer.status_code == 303
    made.cookies = answer.headers.getlist("Set-Cookie")
    return made


def test_every_cookie_ends_with_the_browser(shared):
    assert any("pst_l=" in cookie for cookie in shared.cookies)
    for cookie in shared.cookies:
        assert "Max-Age" not in cookie and "Expires" not in cookie


def test_another_log_in_outlives_the_browser(browser):
    form = {"email": email_of("siti"), "password": PASSWORD}
    answer = browser().post("/masuk", form)

    (cookie,) = (
        each for each in answer.headers.getlist("Set-Cookie") if "pst_l=" in each
    )
    assert "Max-Age" in cookie


@pytest.mark.parametrize(("minute", "status"), [(29, 200), (30, 303)])
def test_it_ends_after_half_an_hour_without_use(shared, at, minute, status):
    at(f"2026-03-02 09:{minute}+07:00")

    seen = shared.get("/konsultasi").status_code
    assert (seen == 200) == (status == 200), seen


def test_it_goes_on_while_it_is_used(shared, at):
    for minute in (20, 40, 60, 80):
        at(f"2026-03-02 {9 + minute // 60:02}:{minute % 60:02}+07:00")
        assert shared.get("/konsultasi").status_code == 200


def test_its_pages_tell_the_browser_to_keep_nothing(shared, dewi):
    page = shared.get("/konsultasi")

    assert 'data-keep="no"' in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert 'data-keep="no"' not in dewi.get("/konsultasi").text


def test_a_file_of_a_conversation_is_not_kept_for_long(shared, budi):
    ask(shared)
    out = BytesIO()
    Image.new("RGB", (40, 40)).save(out, "PNG")
    files = {"files": (BytesIO(out.getvalue()), "a.png"), "key": "k"}
    id = shared.post(f"{MINE}/lampiran", files).json["id"]
    shared.post(f"{MINE}/pesan", {"body": "Ini.", "attachment": id})

    for path in ("", "/pratinjau"):
        kept = shared.get(f"{MINE}/lampiran/{id}{path}").headers["Cache-Control"]
        assert kept == "private, no-store"
    preview = budi.get(f"{MINE}/lampiran/{id}/pratinjau")
    assert preview.headers["Cache-Control"] == "private, max-age=3600"
    assert "no-store" in budi.get(f"{MINE}/lampiran/{id}").headers["Cache-Control"]


def test_the_tick_is_kept_over_the_second_step(budi, browser, at):
    budi.post("/akun/dua-langkah/persiapan")
    totp = pyotp.TOTP(secret_in(budi.get("/akun/dua-langkah").text))
    budi.post("/akun/dua-langkah", {"code": totp.at(int(clock.now().timestamp()))})
    at("2026-03-02 09:01+07:00")
    elsewhere = browser()
    form = {"email": email_of("budi"), "password": PASSWORD, "shared": "ya"}
    elsewhere.post("/masuk", form)
    code = totp.at(int(clock.now().timestamp()))

    elsewhere.post("/masuk/kode", {"code": code})

    assert 'data-keep="no"' in elsewhere.get("/petugas").text


def test_leaving_has_the_browser_remove_what_was_typed_once(siti, context):
    page = siti.get("/konsultasi").text
    id = page.split('data-leave="')[1].split('"')[0]

    siti.post("/keluar")

    assert f'data-forget="{id}"' in siti.get("/").text
    assert "data-forget" not in siti.get("/").text
