"""How many bytes go over the wire: as sent, compressed, headers counted.

Figures from limits.md of the office's bad links: a first visit within 32 KB and four
requests, a page after that 6 KB, an idle poll's answer 250 bytes.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from pst.public_pages.manuals import ADMIN
from pst.reference_lists import DATA
from tests.beginnings import fuller
from tests.forking import QuickService
from tests.processes import Service
from tests.wire import Wire

KB = 1024
# What a browser fetches by itself; the feed and a page's own address it does not.
ASSET = re.compile(
    r'<(?!link rel="(?:alternate|canonical)")(?:script|link|img)[^>]*'
    r'\s(?:src|href)="([^"]+)"'
)
NUMBER = "KS-2026-000001"
CODES = DATA / "classification_example.csv"


@pytest.fixture(scope="module")
def service(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The web server as deployed, with one conversation."""
    folder = tmp_path_factory.mktemp("wire") / "data"
    fuller(built, folder, with_codes)
    service = QuickService(folder, tmp_path_factory.mktemp("s"))
    service.at("2026-03-02 09:00+07:00")
    try:
        service.start("redis", "web")
        siti = Wire(service.port).log_in("siti")
        fields = {"subject": "Jumlah penduduk", "description": "Menurut umur."}
        fields |= {"area": "Wanadadi", "years": "2025", "csrf_token": siti.token()}
        assert siti.ask("/konsultasi/baru?jenis=data", fields).status == 303
        yield service
    finally:
        service.stop()


def with_codes(app: Flask) -> None:
    words = ["classifications", "import", "kbli-2025", str(CODES)]
    assert app.test_cli_runner().invoke(args=words).exit_code == 0


def first_visit(wire: Wire, path: str) -> tuple[int, int]:
    """Return the bytes and requests of a person who has nothing yet."""
    page = wire.ask(path)
    assert page.status == 200, path
    assets = sorted(set(ASSET.findall(page.body)))
    assert all(asset.startswith("/") for asset in assets), "a request to another host"
    return page.size + sum(wire.ask(asset).size for asset in assets), 1 + len(assets)


@pytest.mark.parametrize("path", ["/", "/masuk", "/daftar", "/standar-pelayanan"])
def test_a_first_visit_is_small(service: Service, path: str):
    size, requests = first_visit(Wire(service.port), path)

    assert size <= 32 * KB
    assert requests <= 4


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("siti", "/konsultasi"),
        ("siti", "/konsultasi/baru"),
        ("siti", "/konsultasi/baru?jenis=data"),
        ("siti", "/akun"),
        ("budi", "/petugas"),
        ("budi", f"/petugas/konsultasi/{NUMBER}"),
        (None, "/privasi"),
        (None, "/kinerja"),
        (None, "/cari?q=penduduk"),
        (None, "/cari?q=jualan+nasi+goreng+gerobak"),
        (None, "/klasifikasi"),
        (None, "/klasifikasi?q=toko"),
        (None, "/klasifikasi?q=4"),
        (None, "/klasifikasi/kbli-2025/47"),
        (None, "/klasifikasi/kbli-2025/47711"),
        (None, "/panduan"),
        ("budi", "/panduan/petugas"),
        ("andi", "/panduan/admin"),
        *(("andi", f"/panduan/admin/{name}") for name in ADMIN),
    ],
)
def test_a_further_page_is_small(service: Service, name: str | None, path: str):
    wire = Wire(service.port)
    answer = (wire.log_in(name) if name else wire).ask(path)

    assert answer.status == 200
    assert answer.size <= 6 * KB


def test_a_conversation_is_small(service: Service):
    answer = Wire(service.port).log_in("siti").ask(f"/konsultasi/{NUMBER}")

    assert answer.size <= 4 * KB


def test_an_idle_poll_is_next_to_nothing(service: Service):
    siti = Wire(service.port).log_in("siti")
    page = siti.ask(f"/konsultasi/{NUMBER}").body
    cursor = re.search(r'hx-ptag="([^"]+)"', page)
    assert cursor

    path = f"/konsultasi/{NUMBER}/pesan"
    answer = siti.ask(path, HX_Request="true", HX_PTag=cursor[1])

    assert answer.status == 304
    assert answer.size <= 250
    assert not answer.header("Set-Cookie")


def test_a_new_message_costs_little_more_than_its_text(service: Service):
    siti = Wire(service.port).log_in("siti")
    page = siti.ask(f"/konsultasi/{NUMBER}").body
    cursor = re.search(r'hx-ptag="([^"]+)"', page)
    assert cursor
    text = "Baik, terima kasih atas penjelasannya."
    form = {"body": text, "csrf_token": siti.token()}
    assert siti.ask(f"/konsultasi/{NUMBER}/pesan", form).status == 303

    path = f"/konsultasi/{NUMBER}/pesan"
    answer = siti.ask(path, HX_Request="true", HX_PTag=cursor[1])

    assert text in answer.body
    assert answer.size <= len(text) + 600


def test_static_files_are_kept_for_a_year(service: Service):
    wire = Wire(service.port)
    for path in ASSET.findall(wire.ask("/").body):
        answer = wire.ask(path)
        assert "immutable" in answer.header("Cache-Control"), path
        assert re.search(r"\.[0-9a-f]{12}\.", path)
        if path.endswith((".js", ".css")):
            assert answer.header("Content-Encoding") == "br"
