"""When someone of the office leaves, their open work goes to others."""

import pytest

from tests.journeys.conftest import Browser
from tests.journeys.mailbox import link_in
from tests.steps import id_of


@pytest.fixture
def andi(app, at):
    return Browser(app).log_in("andi")


@pytest.mark.parametrize("to", ["", "Rina"])
def test_the_open_work_of_who_leaves_is_handed_over(andi, app, to):
    siti, budi = Browser(app).log_in("siti"), Browser(app).log_in("budi")
    follow_up = rated_low_and_claimed(andi, siti, budi)
    new = {"subject": "Lain", "description": "Lain", "area": "x", "years": "2025"}
    mine = siti.post("/konsultasi/baru?jenis=data", new).location
    budi.post(f"/petugas{mine}/pengambilan")
    id = id_of(andi, "Budi")
    assert "1 konsultasi dan 1 tindak lanjut" in andi.get(f"/admin/pengguna/{id}").text

    penerima = id_of(andi, to) if to else ""
    andi.post(f"/admin/pengguna/{id}/penonaktifan", {"recipient": penerima})

    rina = Browser(app).log_in("rina")
    if not to:
        assert rina.post(f"/petugas{mine}/pengambilan").status_code == 303
        assert rina.post(f"{follow_up}/pengambilan").status_code == 303
    assert rina.post(f"/petugas{mine}/pesan", {"body": "Halo"}).status_code == 303
    assert rina.get(f"{follow_up}/email").status_code == 200
    assert "Budi" in rina.get(follow_up).text


def rated_low_and_claimed(andi: Browser, siti: Browser, budi: Browser) -> str:
    """Rate Budi's answer low as Siti, and take on the follow-up as Budi."""
    new = {"subject": "Satu", "description": "Satu", "area": "x", "years": "2025"}
    mine = siti.post("/konsultasi/baru?jenis=data", new).location
    budi.post(f"/petugas{mine}/pengambilan")
    budi.post(f"/petugas{mine}/pesan", {"body": "Jawaban"})
    budi.post(f"/petugas{mine}/penutupan")
    siti.post(link_in(andi, mine.rsplit("/")[-1], "/nilai/"), {"score": "1"})
    budi.post("/petugas/tindak-lanjut/TL-2026-000001/pengambilan")
    return "/petugas/tindak-lanjut/TL-2026-000001"
