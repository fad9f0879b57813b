"""Every route, walked as everyone, compared with what is written down.

`routes.txt` says who may call what. A new route is written down there.
"""

import pytest
from flask import Flask

from tests.journeys.conftest import Browser
from tests.security.conftest import ANSWER, Office
from tests.security.routes import (
    ARGUMENT,
    LAST,
    MAY,
    NAMES,
    SOMETHING,
    TABLE,
    path_of,
    routes_of,
    written,
)

# Of these there is no row in the office that the tests make.
NOT_THERE = {
    "/admin/data-pribadi/insiden/<int:id>",
    "/admin/data-pribadi/insiden/<int:id>/perubahan",
    "/admin/pengaturan/kop-surat/<sha256>.png",
    "/akun/alamat/<token>",
    "/alamat-semula/<token>",
    "/artikel/<slug>",
    "/pratinjau/<name>.png",
    "/petugas/angka/<int:id>",
    "/sitemap-<name>-<int:part>.xml",
    "/tabel/<int:id>",
    "/artikel/berkas/<token>/<name>",
    "/balas/<token>",
    "/berhenti/<token>",
    "/klasifikasi/<slug>",
    "/klasifikasi/<slug>/<code>",
    # What was read is not corrected; tests/journeys/test_correcting.py has one unread.
    "/konsultasi/<number>/pesan/<int:id>/perbaikan",
    "/ketua/laporan/<int:id>",
    "/konsultasi/<number>/lampiran/<int:id>/pratinjau",
    "/petugas/artikel/<int:id>",
    "/petugas/laporan/<int:id>/laporan-disetujui.pdf",
    "/sah/<code>",
    "/petugas/artikel/<int:id>/penggabungan",
    "/petugas/artikel/<int:id>/versi/<int:number>",
    "/petugas/templat/<int:id>",
    "/petugas/tindak-lanjut/<number>/email",
    "/petugas/tindak-lanjut/<number>/email/pratinjau",
    "/sandi-baru/<token>",
    "/undangan/<token>",
    "/verifikasi/<token>",
}
# Who asks here is known by a token, not by a log-in: tests/province/test_offering.py.
BY_TOKEN = {"/api/v1/figures"}


def test_every_route_is_written_down(app: Flask):
    there = set(routes_of(app))

    new = sorted(there - set(written()))
    unwritten = "\n".join(f"{who:10} {method:5} {path}" for who, method, path in new)
    gone = sorted(set(written()) - there)
    assert not unwritten, f"add to {TABLE.name}:\n{unwritten}"
    assert not gone, f"no longer there: {gone}"


@pytest.mark.parametrize("role", ["stranger", "user", "officer", "head", "admin"])
def test_everyone_gets_where_they_may_and_nowhere_else(app: Flask, at, role: str):
    browser = Browser(app)
    if role != "stranger":
        browser.log_in(NAMES[role])
    token = browser.token()

    wrong = []
    for access, method, rule in sorted(written(), key=lambda row: row[2] in LAST):
        if rule in BY_TOKEN:
            continue
        status, location = call(browser, method, path_of(rule), token)
        is_broken = status >= 500 and rule != "/sehat"  # which says so by design
        if is_refused(role, status, location) == (role in MAY[access]) or is_broken:
            wrong.append(f"{method} {rule}: {status} {location}")

    assert not wrong, f"{role}:\n" + "\n".join(wrong)


def call(browser: Browser, method: str, path: str, token: str) -> tuple[int, str]:
    if method == "GET":
        answer = browser.get(path)
    else:
        answer = browser.client.post(path, data={"csrf_token": token})
        if answer.status_code == 400:  # the session, and its token, is another now
            answer = browser.post(path)
    return answer.status_code, answer.headers.get("Location", "")


def is_refused(role: str, status: int, location: str) -> bool:
    if role == "stranger":
        return status == 401 or location.startswith("/masuk?next=")
    return status == 403


def real_path_of(rule: str, office: Office) -> str:
    """Fill in the arguments of a route with those of rows that are there."""
    is_follow_up = "/tindak-lanjut/<number>" in rule
    token = office.tokens.get(rule.split("/")[1], "x" * 32)
    id = str(ANSWER) if "/jawaban/<int:id>" in rule else "1"
    real = {
        "number": "TL-2026-000001" if is_follow_up else "KS-2026-000001",
        **{"int:id": id, "int:number": "1", "token": token},
    }
    return ARGUMENT.sub(
        lambda found: real.get(found[1], SOMETHING.get(found[1], "x")), rule
    )


def test_on_rows_that_are_there_no_one_gets_where_they_may_not(office: Office):
    """The answer to a row that is not there is the same for all, and proves nothing."""
    rules = [row for row in written() if "<" in row[2]]
    wrong, met = [], set()
    for role in ("stranger", "user", "officer", "head", "admin"):
        browser = office[NAMES[role]] if role in NAMES else Browser(office.app)
        for access, method, rule in rules:
            if method == "POST" and role in MAY[access]:
                continue  # it would change, or end, what the others are to meet
            path = real_path_of(rule, office)
            status, location = call(browser, method, path, browser.kept_token())
            is_wrong = is_refused(role, status, location) == (role in MAY[access])
            if is_wrong or status >= 500:
                wrong.append(f"{role}: {method} {path}: {status} {location}")
            if method == "GET" and status < 400 and "/masuk" not in location:
                met.add(rule)

    assert not wrong, "\n".join(wrong)
    missed = {rule for _, method, rule in rules if method == "GET"} - met
    assert missed <= NOT_THERE, "\n".join(sorted(missed - NOT_THERE))
