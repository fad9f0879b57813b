"""The short journey in Firefox and WebKitGTK: ask, talk both ways, close, rate."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser import engines
from tests.browser.conftest import Person
from tests.browser.engines import Engine
from tests.browser.steps import SUBJECT
from tests.people import PASSWORD, email_of
from tests.processes import Service, free_port

MAKES = {
    "firefox": (engines.find_firefox, engines.firefox, "firefox-esr"),
    "webkit": (engines.find_webkit, engines.webkit, "webkit2gtk-driver xvfb"),
}


@pytest.fixture(params=MAKES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    find, start, packages = MAKES[request.param]
    program = find()
    if program is None:  # bin/test installs it where it can
        pytest.skip(f"no {request.param}: apt-get install {packages}")
    with start(program, tmp_path, free_port()) as browser:
        yield browser


def log_in(engine: Engine, url: str, name: str) -> None:
    engine.visit(f"{url}/masuk")
    engine.fill("Email", email_of(name))
    engine.fill("Kata sandi", PASSWORD)
    engine.press("Masuk")
    engine.sees("Keluar")


def test_a_consultation_from_asking_to_rating(
    engine: Engine, service: Service, someone: Callable[..., Person]
):
    log_in(engine, service.url, "siti")
    engine.visit(f"{service.url}/konsultasi/baru?jenis=data&subjek={SUBJECT}")
    engine.fill("Wilayah", "Kecamatan Wanadadi")
    engine.fill("Tahun", "2020–2025")
    engine.fill("Uraian", "Menurut umur, tolong.")
    engine.press("Ajukan konsultasi")
    engine.sees("urutan ke-1")
    engine.runs_the_script()

    budi = someone().log_in("budi").visit("/petugas")
    budi.follow(SUBJECT)
    budi.press("Ambil")
    budi.fill("Pesan", "Umur tunggal atau kelompok?")
    budi.send("Pengguna")
    engine.sees("Umur tunggal atau kelompok?")
    engine.fill("Pesan", "Kelompok umur lima tahunan.")
    engine.press("Kirim")
    engine.sees("Terkirim pukul")
    budi.sees("Kelompok umur lima tahunan.")
    budi.fill("Pesan", "Ini tabelnya.")
    budi.send("Pengguna")
    engine.sees("Ini tabelnya.")

    engine.press("Tandai selesai")
    engine.sees("Seberapa puas Anda")
    engine.follow("5 Sangat puas")
    engine.press("Kirim penilaian")
    engine.sees("Penilaian Anda")


def test_an_officer_presses_one_of_several_buttons(
    engine: Engine, service: Service, someone: Callable[..., Person]
):
    siti = someone("phone").log_in("siti")
    siti.visit(f"/konsultasi/baru?jenis=data&subjek={SUBJECT}")
    siti.fill("Wilayah", "Kecamatan Wanadadi")
    siti.fill("Tahun", "2020–2025")
    siti.fill("Uraian", "Menurut umur, tolong.")
    siti.press("Ajukan konsultasi")
    siti.sees("urutan ke-1")

    log_in(engine, service.url, "budi")
    engine.visit(f"{service.url}/petugas")
    engine.follow(SUBJECT)
    engine.press("Ambil")
    engine.fill("Pesan", "Mohon ditunggu.")
    engine.send("Saya")
    engine.sees("Terkirim pukul")
    assert not engine.run(engines.SHOWN, "Menunggu pengguna")
    engine.fill("Pesan", "Jumlahnya 31.000 jiwa.")
    engine.send("Selesai", closes=True)
    engine.sees("Selesai")

    siti.sees("Jumlahnya 31.000 jiwa.")
