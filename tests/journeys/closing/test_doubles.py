"""A double is closed with a link to the other one."""

from tests.journeys.closing.steps import OTHER
from tests.journeys.conftest import Browser
from tests.journeys.mailbox import letters, link_in
from tests.steps import DESK, MINE, NUMBER, ask


def test_a_double_is_closed_without_an_answer(served, siti, budi):
    ask(siti, subject="Penduduk Batur")
    double = {"closing_reason": "duplicate", "same_as": OTHER}

    assert budi.post(f"{DESK}/penutupan", double).status_code == 303


def closing_as_double(budi: Browser) -> str:
    return budi.get(f"{DESK}/penutupan?closing_reason=duplicate").text


def test_nothing_is_a_double_of_nothing(served, siti, dewi, budi):
    ask(dewi, subject="Milik Dewi")
    ask(siti, subject="Dibatalkan")
    siti.post("/konsultasi/KS-2026-000003/pembatalan")

    page = closing_as_double(budi)
    assert "tidak mempunyai konsultasi lain yang dapat disamakan" in page
    assert "Milik Dewi" not in page and "Dibatalkan" not in page

    for same_as in ("", NUMBER, "KS-2026-000002", "KS-2026-000003", "KS-2026-999999"):
        words = {"closing_reason": "duplicate", "same_as": same_as}
        assert budi.post(f"{DESK}/penutupan", words).status_code == 422
    assert "Sedang dilayani" in budi.get(DESK).text


def test_a_double_and_the_other_name_and_link_each_other(served, siti, budi, andi):
    ask(siti, subject="Penduduk Batur")
    page = closing_as_double(budi)
    assert f"{OTHER} · Penduduk Batur" in page
    refused = budi.post(f"{DESK}/penutupan", {"closing_reason": "duplicate"})
    assert refused.status_code == 422
    assert "Pilih konsultasi lain dari pengguna ini." in refused.text

    double = {"closing_reason": "duplicate", "same_as": OTHER}
    assert budi.post(f"{DESK}/penutupan", double).status_code == 303

    for browser, place in ((siti, "/konsultasi"), (budi, "/petugas/konsultasi")):
        said = f'sama dengan <a href="{place}/{OTHER}">{OTHER}</a>'
        shown = browser.get(f"{place}/{NUMBER}").text
        assert said in shown
        fact = "<dt>Permintaan ganda dari</dt>"
        assert f'{fact}<dd><a href="{place}/{OTHER}">{OTHER}</a></dd>' in shown
        back = f'<dt>Permintaan ganda</dt><dd><a href="{place}/{NUMBER}">{NUMBER}</a>'
        assert back in browser.get(f"{place}/{OTHER}").text
    [letter] = letters(andi, "sama dengan permintaan Anda yang lain")
    assert f'{OTHER} "Penduduk Batur". Permintaan itu tetap kami layani.' in letter
    assert link_in(andi, "sama dengan permintaan", "/konsultasi/").endswith(OTHER)

    # A double of a double leads nowhere, and the two cannot point to each other.
    desk = f"/petugas/konsultasi/{OTHER}"
    budi.post(f"{desk}/pengambilan")
    back = {"closing_reason": "duplicate", "same_as": NUMBER}
    assert budi.post(f"{desk}/penutupan", back).status_code == 422

    siti.post(f"{MINE}/pesan", {"body": "Yang ini berbeda."})
    assert "Permintaan ganda" not in siti.get(f"/konsultasi/{OTHER}").text
