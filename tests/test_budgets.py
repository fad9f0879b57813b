"""How many bytes go over the wire: as sent, compressed, headers counted.

Figures from limits.md of the office's bad links: a first visit within 32 KB and four
requests, a page after that 6 KB, an idle poll's answer 250 bytes.
"""

import gzip
import re
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import brotli
import pytest

from pst.public_pages.manuals import ADMIN
from pst.reference_lists import DATA
from tests.journeys.conftest import pressed
from tests.people import PASSWORD, email_of
from tests.processes import HOST, Service

KB = 1024
# What a browser fetches by itself; the feed and a page's own address it does not.
ASSET = re.compile(
    r'<(?!link rel="(?:alternate|canonical)")(?:script|link|img)[^>]*'
    r'\s(?:src|href)="([^"]+)"'
)
NUMBER = "KS-2026-000001"
CODES = DATA / "classification_example.csv"


@dataclass
class Answer:
    """What came over the wire."""

    status: int
    head: str
    body: str
    size: int

    def header(self, name: str) -> str:
        found = re.search(rf"(?im)^{name}: (.*?)\r$", self.head)
        return found[1] if found else ""


@dataclass
class Wire:
    """A browser without a picture: raw requests, every byte of the answer counted."""

    port: int
    cookies: str = ""

    def ask(
        self, path: str, form: dict[str, str] | None = None, **headers: str
    ) -> Answer:
        body = urlencode(pressed(path, form or {})).encode()
        lines = [
            f"{'POST' if form else 'GET'} {path} HTTP/1.1",
            f"Host: {HOST}:{self.port}",
            "Connection: close",
            "Accept-Encoding: br, gzip",
            f"Cookie: {self.cookies}",
            *(f"{name.replace('_', '-')}: {text}" for name, text in headers.items()),
        ]
        if form:
            lines += [
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
            ]
        with socket.create_connection((HOST, self.port), 20) as connection:
            connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
            raw = b"".join(iter(lambda: connection.recv(65536), b""))
        head, _, rest = raw.partition(b"\r\n\r\n")
        said = head.decode() + "\r\n"
        answer = Answer(int(raw[9:12]), said, plain(head, rest), len(raw))
        kept = dict(part.split("=", 1) for part in self.cookies.split("; ") if part)
        kept |= dict(re.findall(r"(?im)^set-cookie: (\S+?)=([^;]*)", answer.head))
        self.cookies = "; ".join(f"{name}={text}" for name, text in kept.items())
        return answer

    def token(self) -> str:
        found = re.search(r'csrf_token" value="([^"]+)', self.ask("/lupa-sandi").body)
        assert found
        return found[1]

    def log_in(self, name: str) -> "Wire":
        form = {"email": email_of(name), "password": PASSWORD}
        form["csrf_token"] = self.token()
        assert self.ask("/masuk", form).status == 303
        return self


def plain(head: bytes, body: bytes) -> str:
    if b"transfer-encoding: chunked" in head.lower():
        parts = []
        while body:
            length, _, body = body.partition(b"\r\n")
            parts.append(body[: int(length, 16)])
            body = body[int(length, 16) + 2 :]
        body = b"".join(parts)
    if b"content-encoding: br" in head.lower():
        body = brotli.decompress(body)
    elif b"content-encoding: gzip" in head.lower():
        body = gzip.decompress(body)
    return body.decode(errors="replace")


@pytest.fixture(scope="module")
def service(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The web server as deployed, with one conversation."""
    folder = tmp_path_factory.mktemp("wire") / "data"
    shutil.copytree(built, folder)
    service = Service(folder, tmp_path_factory.mktemp("s"))
    service.at("2026-03-02 09:00+07:00")
    service.flask("classifications", "import", "kbli-2025", str(CODES))
    try:
        service.start("redis", "web")
        siti = Wire(service.port).log_in("siti")
        fields = {"subject": "Jumlah penduduk", "description": "Menurut umur."}
        fields |= {"area": "Wanadadi", "years": "2025", "csrf_token": siti.token()}
        assert siti.ask("/konsultasi/baru?jenis=data", fields).status == 303
        yield service
    finally:
        service.stop()


def first_visit(wire: Wire, path: str) -> tuple[int, int]:
    """Tell the bytes and requests of somebody who has nothing yet."""
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
