"""Work that is handed over, given back, or taken over from who is away."""

import re
from datetime import date

import pytest

from pst.accounts.users import User
from pst.consultations.duty import DutyChange
from pst.database import transaction
from pst.demo.people import Person, register
from pst.web.access import Role
from tests.journeys.conftest import Browser
from tests.steps import DESK, ask


def test_a_colleague_takes_over_from_who_is_away(served, budi, rina):
    assert "Ambil alih" not in rina.get(DESK).text
    away = {"first": "2026-03-02", "last": "2026-03-02", "note": "sakit"}
    assert budi.post("/petugas/jadwal", away).status_code == 303
    assert "sakit" in rina.get("/petugas/jadwal").text
    assert "Ambil alih" in rina.get(DESK).text

    assert rina.post(f"{DESK}/pengambilalihan").status_code == 303

    assert rina.post(f"{DESK}/pesan", {"body": "Saya lanjutkan."}).status_code == 303


@pytest.fixture
def two_served(served, siti: Browser, budi: Browser) -> None:
    ask(siti, subject="Kedua")
    budi.post("/petugas/konsultasi/KS-2026-000002/pengambilan")


SECOND = "/petugas/konsultasi/KS-2026-000002"
HAND_OVER = "/petugas/serah-terima"


def taker(browser: Browser, name: str) -> str:
    """Return the id of the officer to whom work is handed over."""
    match = re.search(
        rf'<option value="(\d+)"[^>]*>{name}', browser.get(HAND_OVER).text
    )
    assert match
    return match[1]


def test_all_work_is_handed_over_at_once(two_served, budi, rina):
    assert "2 konsultasi terbuka Anda" in budi.get("/petugas/jadwal").text
    page = budi.get(HAND_OVER).text
    matches = re.findall(r'name="chosen" value="(\d+)" checked', page)
    assert len(matches) == 2

    form = {"officer": taker(budi, "Rina"), "note": "Saya pindah", "chosen": matches}
    assert budi.post(HAND_OVER, form).status_code == 303

    assert rina.post(f"{DESK}/pesan", {"body": "Halo."}).status_code == 303
    assert rina.post(f"{SECOND}/pesan", {"body": "Halo."}).status_code == 303
    assert "Pilih yang diserahkan" not in budi.get("/petugas/jadwal").text


def test_only_what_was_chosen_is_handed_over(two_served, budi, rina):
    form = {"officer": taker(budi, "Rina")}
    refused = budi.post(HAND_OVER, form)
    assert refused.status_code == 422
    assert "Pilih paling sedikit satu" in refused.text

    assert budi.post(HAND_OVER, {**form, "chosen": "1"}).status_code == 303

    assert rina.post(f"{DESK}/pesan", {"body": "Halo."}).status_code == 303
    assert budi.post(f"{SECOND}/pesan", {"body": "Halo."}).status_code == 303


def test_what_was_handed_over_is_given_back_if_it_is_still_open(
    two_served, siti, budi, rina, dewi
):
    form = {"officer": taker(budi, "Rina"), "chosen": ["1", "2"]}
    budi.post(HAND_OVER, form)
    rina.post(
        f"{SECOND}/pesan", {"body": "Selesai.", "then": "selesai", "closes": "ya"}
    )
    assert "1 masih terbuka" in budi.get("/petugas/jadwal").text
    assert "1 masih terbuka" in rina.get("/petugas/jadwal").text
    assert dewi.post(f"{HAND_OVER}/1/pengembalian").status_code == 403

    back = rina.post(f"{HAND_OVER}/1/pengembalian")
    assert back.status_code == 303

    assert budi.post(f"{DESK}/pesan", {"body": "Saya lagi."}).status_code == 303
    assert "masih terbuka" not in rina.get("/petugas/jadwal").text
    assert rina.post(f"{HAND_OVER}/1/pengembalian").status_code == 409


def test_the_head_hands_over_the_work_of_who_is_away(two_served, hasan, rina, budi):
    budi_id = re.search(
        r'<option value="(\d+)">Budi', hasan.get("/petugas/jadwal").text
    )
    assert budi_id
    assert hasan.get(f"{HAND_OVER}?giver={budi_id[1]}").status_code == 200
    assert hasan.get(f"{HAND_OVER}?giver=999").status_code == 404

    form = {"giver": budi_id[1], "officer": taker(budi, "Rina"), "chosen": "1"}
    assert hasan.post(HAND_OVER, form).status_code == 303

    assert rina.post(f"{DESK}/pesan", {"body": "Halo."}).status_code == 303


def test_a_colleague_who_is_away_is_offered_last_and_marked(served, budi, rina, app):
    with app.app_context(), transaction():
        register(Person("Adi", "adi@contoh.test", Role.OFFICER), "x")
    assert offered(budi) == ["Adi", "Rina Wijaya"]

    with app.app_context(), transaction():
        adi = User.with_email("adi@contoh.test")
        today = date(2026, 3, 2)
        DutyChange.plan(adi, today, today, "cuti", by=adi)

    assert offered(budi) == ["Rina Wijaya", "Adi (tidak bertugas)"]


def offered(budi: Browser) -> list[str]:
    """List whom *Alihkan* offers, as the page writes them."""
    match = re.search(r'<select id="officer".*?</select>', budi.get(DESK).text, re.S)
    assert match
    return re.findall(r"<option[^>]*>([^<]+)<", match[0])


def test_an_officer_is_offered_nothing_to_do_with_their_own_request(budi, rina):
    ask(budi)

    page = budi.get(DESK).text
    assert "Anda sendiri yang mengajukan" in page
    assert ">Ambil</button>" not in page
    assert ">Ambil</button>" not in budi.get("/petugas").text
    refused = budi.post(f"{DESK}/pengambilan")
    assert refused.status_code == 409
    assert "dilayani petugas lain" in refused.text
    assert ">Ambil</button>" in rina.get("/petugas").text

    rina.post(f"{DESK}/pengambilan")
    assert "Budi" not in "".join(offered(rina))
