"""What is someone's own, no other user reaches by its address, with any number."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pytest
from flask import request, request_finished

from pst.accounts.users import User
from pst.config import ROOT
from pst.consultations.filing.unfiled import UnfiledRequest
from pst.consultations.states import Category
from pst.database import transaction
from pst.web.access import is_hidden
from tests.people import email_of
from tests.security.conftest import DESK, MINE, NUMBER, SECRET, Office
from tests.security.routes import MAY, written
from tests.steps import made

NUMBERED = re.compile(r"<(?:int:)?(\w+)>")
# Addresses with an argument that anyone may use: they lead to no one's own things.
OPEN = ("/artikel/", "/admin/kalender/")
IDS = range(1, 13)
SLUG = "bagaimana-memperoleh-data-curah-hujan"
TYPED = {"body": "Tulisan Dewi", "upto": "1", "key": "k", "word": "HAPUS"}


def paths_with(rule: str) -> list[str]:
    """Fill the arguments of a route with everything there is."""
    paths = [rule]
    for found in NUMBERED.finditer(rule):
        values = (
            [NUMBER, "TL-2026-000001"]
            if found[1] == "number" and "int:" not in found[0]
            else [str(id) for id in IDS]
        )
        paths = [path.replace(found[0], value) for path in paths for value in values]
    return paths


def numbered_routes(role: str) -> list[tuple[str, str]]:
    return [
        (method, path)
        for access, method, rule in written()
        if role in MAY[access] and "<" in rule and "<token>" not in rule
        if not rule.startswith(OPEN)
        for path in paths_with(rule)
    ]


def test_another_user_reaches_nothing_of_hers_by_any_number(office: Office):
    dewi = office["dewi"]
    token = dewi.token()

    for method, path in numbered_routes("user"):
        if method == "GET":
            answer = dewi.get(path)
        else:
            answer = dewi.client.post(path, data={**TYPED, "csrf_token": token})
        assert SECRET not in answer.text, path
        if is_own_device(path, answer.status_code):
            dewi.log_in("dewi")
            token = dewi.token()
        else:
            assert answer.status_code == 404, path

    assert f"{SECRET} pesan" in office["siti"].get(MINE).text, "and nothing changed"


def is_own_device(path: str, status: int) -> bool:
    """Her own device is the one thing with a number that is hers."""
    return path.startswith("/akun/perangkat/") and status == 303


def test_what_does_not_exist_and_what_is_not_mine_look_alike(office: Office):
    dewi = office["dewi"]

    hers, none = dewi.get(MINE), dewi.get("/konsultasi/KS-2026-999999")

    assert hers.status_code == none.status_code == 404
    reference = re.compile(r"Nomor rujukan: \w+")
    assert reference.sub("", hers.text) == reference.sub("", none.text)


def test_an_internal_note_is_never_shown_to_the_user(office: Office):
    siti = office["siti"]

    for path in (MINE, f"{MINE}/pesan", f"{MINE}/keadaan", "/akun/data/salinan"):
        assert f"{SECRET} catatan" not in siti.get(path).text
    assert f"{SECRET} catatan" in office["budi"].get(DESK).text


def test_an_admin_reads_no_conversation(office: Office):
    andi = office["andi"]

    assert andi.get(DESK).status_code == 403
    assert andi.get(MINE).status_code == 404
    assert andi.get(f"{MINE}/pesan").status_code == 404


def test_another_officer_reads_no_draft_of_a_report(office: Office):
    drafts = re.findall(
        r"/petugas/laporan/(\d+)", office["budi"].get("/petugas/laporan").text
    )
    assert drafts

    for id in set(drafts):
        for tail in ("", "/pratinjau"):
            assert office["rina"].get(f"/petugas/laporan/{id}{tail}").status_code == 404
        assert office["hasan"].get(f"/ketua/laporan/{id}").status_code == 404


@pytest.mark.parametrize("kind", ["nilai", "tindak-lanjut"])
def test_a_mailed_link_opens_only_what_it_was_made_for(office: Office, kind: str):
    token = office.tokens.get(kind)
    assert token, f"no mail has a link to /{kind}/"
    visitor = type(office["siti"])(office.app)

    assert visitor.get(f"/{kind}/{token}").status_code == 200
    for changed in (token[:-1], altered(token), token + "A", "A" + token, NUMBER):
        assert visitor.get(f"/{kind}/{changed}").status_code in (404, 410)
    for other in {"nilai", "tindak-lanjut", "verifikasi", "sandi-baru", "undangan"}:
        if other != kind:
            assert visitor.get(f"/{other}/{token}").status_code in (404, 410)


def altered(token: str) -> str:
    """Change one character within; the last one may spell the same in many ways."""
    return token[:-9] + ("A" if token[-9] != "A" else "B") + token[-8:]


@contextmanager
def hidden(office: Office) -> Iterator[set[str]]:
    """Collect the rules of the requests that met a row that is not theirs."""
    rules: set[str] = set()

    def note(*_: object, **__: object) -> None:
        if is_hidden():
            rules.add(f"{request.method} {request.url_rule}")

    with request_finished.connected_to(note, office.app):
        yield rules


def try_all(office: Office, name: str, role: str, beginnings: tuple[str, ...]) -> None:
    browser = office[name]
    for method, path in numbered_routes(role):
        if path.startswith(beginnings):
            if method == "GET":
                browser.get(path)
            else:
                form = {**TYPED, "csrf_token": browser.kept_token()}
                browser.client.post(path, data=form)


def rules_below(role: str, beginnings: tuple[str, ...]) -> set[str]:
    return {
        f"{method} {rule}"
        for access, method, rule in written()
        if role in MAY[access] and "<" in rule and "<token>" not in rule
        if rule.startswith(beginnings)
    }


def test_each_row_hidden_from_a_user_counts_as_looked_for(office: Office):
    hers = ("/konsultasi/",)
    with office["siti"].app.app_context(), transaction():
        siti = User.with_email(email_of("siti"))
        asked = (Category.DATA, "Luas panen", "Tahun 2025.")
        UnfiledRequest.keep(siti, *asked, details={}, key="1", network="192.0.2.0/24")

    with hidden(office) as rules:
        try_all(office, "dewi", "user", hers)
        for id in IDS:  # Siti's comes before her own, which logs her out
            token = office["dewi"].token()
            path = f"/akun/perangkat/{id}/pengeluaran"
            office["dewi"].client.post(path, data={"csrf_token": token})

    expected = rules_below("user", (*hers, "/akun/perangkat/"))
    assert len(expected) > 10
    assert rules == expected


def test_each_row_hidden_from_an_officer_counts_as_looked_for(office: Office):
    budi = office["budi"]
    budi.post("/petugas/templat", {"title": "Salam", "body": "Halo."})

    with hidden(office) as rules:
        try_all(office, "rina", "officer", ("/petugas/laporan/", "/petugas/templat/"))
        try_all(office, "hasan", "head", ("/ketua/laporan/",))

    assert rules >= rules_below("officer", ("/petugas/laporan/", "/petugas/templat/"))
    assert rules >= rules_below("head", ("/ketua/laporan/",))


def test_a_draft_article_and_its_file_count_as_looked_for(office: Office):
    budi, dewi = office["budi"], office["dewi"]
    address = made(budi)
    file = (BytesIO(b"%PDF-1.4 x"), "lampiran.pdf")
    budi.post(f"{address}/berkas", {"file": file})
    link = re.search(r"/artikel/berkas/[^\"\s)&]+", budi.get(address).text)
    assert link

    with hidden(office) as rules:
        assert dewi.get(f"/artikel/{SLUG}").status_code == 404
        assert dewi.get(link[0]).status_code == 404
        assert dewi.get("/artikel/apa-itu-danau").status_code == 404

    assert rules == {
        "GET /artikel/<slug>",
        "GET /artikel/berkas/<token>/<name>",
    }


def test_what_is_not_there_counts_for_nothing(office: Office):
    with hidden(office) as rules:
        office["dewi"].get("/konsultasi/KS-2026-999999")
        office["siti"].get(f"{MINE}/lampiran/999999")
        office["rina"].get("/petugas/laporan/999999")

    assert not rules


def test_every_row_of_a_person_is_found_in_the_one_place_that_counts():
    """`first_or_404` would hide a row without a trace; see `access.find_or_404`."""
    calls = re.compile(r"(?:first|one)_or_404\((?:[^()]|\([^()]*\))*current_user")

    for path in (ROOT / "pst").rglob("*.py"):
        assert not calls.search(path.read_text()), path
