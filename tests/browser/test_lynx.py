"""The whole way in a browser of text: asking, claiming, answering, rating."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.lynx import LYNX, Lynx
from tests.people import PASSWORD, email_of
from tests.processes import Service

pytestmark = pytest.mark.skipif(not LYNX, reason="no lynx")
SUBJECT = "Konsep pengangguran terbuka"
Someone = Callable[[str], Lynx]


@pytest.fixture
def someone(service: Service, tmp_path: Path) -> Someone:
    """Sign a person in with lynx."""

    def someone(name: str) -> Lynx:
        folder = tmp_path / name
        folder.mkdir()
        lynx = Lynx(folder, service.url).visit("/masuk")
        lynx.fill("Email", email_of(name))
        lynx.fill("Kata sandi", PASSWORD)
        lynx.press("Masuk")
        return lynx

    return someone


def ask(siti: Lynx) -> None:
    siti.visit("/konsultasi/baru?jenis=metadata")
    siti.fill("Subjek", SUBJECT)
    siti.fill("Konsep atau variabel", "Pengangguran terbuka")
    siti.fill("Uraian", "Mohon dijelaskan.")
    siti.press("Ajukan konsultasi")


def serve(budi: Lynx) -> None:
    budi.visit("/petugas")
    budi.follow(SUBJECT)
    budi.press("Ambil")


def test_a_request_is_claimed_answered_and_rated_in_lynx(someone: Someone):
    siti, budi = someone("siti"), someone("budi")
    ask(siti)
    assert siti.sees("urutan ke-1")
    serve(budi)
    assert budi.sees("Dilayani oleh Budi Santoso")
    assert budi.sees("Sedang dilayani 3 hari kerja lagi")
    budi.fill("Pesan", "Apakah menurut provinsi?")
    budi.send("Pengguna")
    siti.visit(siti.here)
    assert siti.sees("Budi Santoso Petugas 09.0")
    siti.fill("Pesan", "Ya, menurut provinsi.")
    siti.press("Kirim")
    budi.visit(budi.here)
    budi.fill("Pesan", "Ini tabelnya.")
    budi.send("Selesai", closes=True)
    assert budi.sees("Konsultasi ditutup: selesai")

    siti.visit(siti.here)
    siti.follow("Nilai pelayanan kami")
    assert "(*) Belum dipilih" in siti.page, "nothing is chosen beforehand"
    siti.choose("4 Puas")
    siti.fill("Apa yang sudah baik", "Cepat")
    siti.press("Kirim penilaian")
    assert siti.sees("Penilaian Anda: 4 Puas")


def test_an_article_goes_from_draft_to_review_to_readers_in_lynx(someone: Someone):
    budi, rina = someone("budi"), someone("rina")
    budi.visit("/petugas/artikel/baru")
    budi.fill("Judul", "Di mana data curah hujan?")
    budi.fill("Isi", "Di situs BMKG.")
    budi.press("Simpan draf")
    budi.press("Ajukan tinjauan")
    assert budi.sees("Menunggu tinjauan petugas lain")

    rina.visit(budi.here)
    rina.press("Terbitkan")
    assert rina.visit("/cari?q=curah+hujan").sees("Di mana data curah hujan?")
