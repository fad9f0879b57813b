"""What is somebody's own, no other user reaches by its address, whatever the number."""

import re

import pytest

from tests.security.conftest import DESK, MINE, NUMBER, SECRET, Office
from tests.security.test_routes import MAY, written

NUMBERED = re.compile(r"<(?:int:)?(\w+)>")
# Addresses with an argument that anybody may use: they lead to nobody's own things.
OPEN = ("/artikel/", "/admin/kalender/")
IDS = range(1, 13)
TYPED = {"body": "Tulisan Dewi", "sampai": "1", "key": "k", "word": "HAPUS"}


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
