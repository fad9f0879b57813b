"""Numbers and dates larger than any there is lead to nothing, and break nothing."""

import re
import shutil

import pytest

from pst import create_app
from tests.conftest import settings_for
from tests.journeys.conftest import Browser
from tests.security.routes import LAST, MAY, NAMES, written

HUGE = "9" * 30
NUMBER = re.compile(r"<int:\w+>")
ASKED = {
    **dict.fromkeys(("hal", "tahun", "sampai_id", "jenis", "pilih"), HUGE),
    **{"dari": "0001-01-01", "sampai": "9999-12-31"},
}
TYPED = {
    **dict.fromkeys(("upto", "recipient", "seen", "officer", "attachment"), HUGE),
    **dict.fromkeys(("canned", "press", "comments-0-rating", "score", "u1"), HUGE),
    **{"on": "9999-12-31", "first": "0001-01-01", "last": "9999-12-31", "body": "a"},
    **{"known_at": "9999-12-31T23:59", "review_on": "9999-12-31", "word": "x"},
}


# More digits than Python turns into a number, and the first day there is.
ENDLESS = "9" * 5_000
FIRST_ASKED = {
    **dict.fromkeys(ASKED, ENDLESS),
    **{"dari": "0001-01-01", "sampai": "0001-01-01"},
}
FIRST_TYPED = {
    **dict.fromkeys(TYPED, ENDLESS),
    **{"on": "0001-01-01", "first": "0001-01-01", "last": "0001-01-01", "body": "a"},
    **{"known_at": "0001-01-01T00:00", "review_on": "0001-01-01", "word": "x"},
    **dict.fromkeys(("what", "which_data", "how", "measures", "advice"), "Sesuatu."),
    "warn_after_days": "--5",
}


@pytest.fixture(scope="module")
def people(built, tmp_path_factory):  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("extremes")
    shutil.copytree(built, folder, dirs_exist_ok=True)
    app = create_app(settings_for(folder))
    return {role: Browser(app).log_in(name) for role, name in NAMES.items()}


@pytest.mark.parametrize("role", ["user", "officer", "head", "admin"])
@pytest.mark.parametrize(
    ("asked", "typed"),
    [(ASKED, TYPED), (FIRST_ASKED, FIRST_TYPED)],
    ids=["largest", "first"],
)
def test_what_is_larger_than_all_there_is_breaks_nothing(
    people, role: str, asked: dict[str, str], typed: dict[str, str]
):
    browser = people[role]
    if browser.get("/akun").status_code != 200:  # the test before logged out
        browser.log_in(NAMES[role])
    token = browser.token()

    for access, method, rule in sorted(written(), key=lambda row: row[2] in LAST):
        if role not in MAY[access]:
            continue
        path = NUMBER.sub(HUGE, rule).replace("<number>", "KS-2026-000001")
        path = re.sub(r"<\w+>", HUGE, path)
        if method == "GET":
            answer = browser.get(path, query_string=asked)
        else:
            data = {**typed, "csrf_token": token}
            answer = browser.client.post(path, data=data, buffered=True)
        is_broken = answer.status_code >= 500 and rule != "/sehat"  # says so by design
        assert not is_broken, f"{method} {path}"
        if "int:" in rule and method == "GET":
            assert answer.status_code in (302, 303, 400, 404), path
