"""The site in a real nginx: how much it takes from whom, and what it says itself."""

import http.client
import re
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer
from typing import ClassVar

import pytest
from flask import Flask

from deploy.installer import answers, front, places
from tests.journeys.conftest import Browser
from tests.processes import free_port, wait_until
from tests.security.routes import routes_of

ROOT = Path(__file__).parent.parent.parent
HSTS = "max-age=31536000; includeSubDomains"
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
needs_nginx = pytest.mark.skipif(not NGINX, reason="no nginx")
UPLOADS = ("/konsultasi/KS-2026-000001/lampiran", "/konsultasi/KS-2026-000001/pesan")
UPLOADS += ("/petugas/konsultasi/KS-2026-000001/pesan", "/petugas/artikel/7/berkas")


class Application(BaseHTTPRequestHandler):
    """Stands behind nginx: knows one who has logged in, and says what it got."""

    posts: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        if self.path == "/masuk/keadaan":
            is_known = "pst_l=siti" in (self.headers["Cookie"] or "")
            return self.say(204 if is_known else 403)
        self.say(200, str(self.headers["X-Forwarded-For"]))

    def do_POST(self) -> None:
        self.posts.append(self.path)
        if self.headers["Transfer-Encoding"]:
            return self.say(200, "chunked")
        self.rfile.read(int(self.headers["Content-Length"]))
        self.say(200, self.path)

    def say(self, status: int, text: str = "") -> None:
        self.send_response(status)
        self.send_header("Strict-Transport-Security", HSTS)
        if status != 204:
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args: object) -> None:
        pass

    def address_string(self) -> str:
        return "nginx"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The site as the installer writes it, on a scratch root; the port it is at."""
    root = tmp_path_factory.mktemp("nginx")
    plain, tls = free_port(), free_port()
    key, certificate = root / "k.pem", root / "c.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-subj", "/CN=pst.id"]
    made += ["-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", key, "-out", certificate]
    subprocess.run(made, check=True, capture_output=True)
    figures = answers.settle({"domain": "pst.id", "http_port": str(plain)}, {})
    figures["https_port"] = str(tls)
    text = front.rendered(ROOT, figures, certificate, key)
    (root / "proxy.conf").write_text(front.proxy_of(ROOT))
    for there, here in (
        (str(front.PROXY), root / "proxy.conf"),
        ("/etc/nginx/", f"{root}/"),
        ("/opt/pst/current/", f"{ROOT}/"),
        ("/var/log/nginx/", f"{root}/"),
        (str(places.WEB_SOCKET), root / "w"),
    ):
        text = text.replace(there, str(here))
    text = re.sub(r"(?m)^ *listen \[::\].*\n", "", text)
    temporary = "".join(
        f"{name}_temp_path {root}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (root / "nginx.conf").write_text(
        f"daemon off;\nuser root;\npid {root}/pid;\nerror_log {root}/error.log;\n"
        f"events {{}}\nhttp {{\n{temporary}{text}\n}}\n"
    )
    with ThreadingUnixStreamServer(str(root / "w"), Application) as application:
        threading.Thread(target=application.serve_forever, daemon=True).start()
        (root / "w").chmod(0o666)
        command = [str(NGINX), "-c", str(root / "nginx.conf"), "-p", str(root)]
        nginx = subprocess.Popen([*command, "-e", str(root / "error.log")])
        try:
            wait_until(lambda: _listens(tls), "nginx")
            yield tls
        finally:
            nginx.terminate()
            nginx.wait()
            application.shutdown()


def _unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


Ask = Callable[..., http.client.HTTPResponse]


@pytest.fixture
def ask(site: int) -> Ask:
    def ask(
        method: str, path: str, size: int = 0, cookie: str = "", host: str = "pst.id"
    ) -> http.client.HTTPResponse:
        line = http.client.HTTPSConnection("127.0.0.1", site, context=_unverified())
        headers = {"Host": f"{host}:{site}", **({"Cookie": cookie} if cookie else {})}
        with closing(line):
            body = b"x" * size if method == "POST" else None
            with suppress(BrokenPipeError, ConnectionResetError, ssl.SSLError):
                line.request(method, path, body, headers)  # refused before its end
            answer = line.getresponse()
            answer.text = answer.read().decode()  # type: ignore[attr-defined]
            return answer

    return ask


@needs_nginx
@pytest.mark.parametrize(
    ("path", "most"),
    [
        *[
            (path, 64 * 1024)
            for path in (
                *("/masuk", "/masuk/kode", "/daftar", "/lupa-sandi"),
                *("/sandi-baru/x", "/verifikasi/x"),
            )
        ],
        *[(path, 256 * 1024) for path in ("/balas/x", "/konsultasi/baru")],
        ("/akun/profil", 2 * 1024**2),
    ],
)
def test_a_door_takes_no_more_than_its_forms_need(ask: Ask, path: str, most: int):
    assert ask("POST", path, most).status == 200

    refused = ask("POST", path, most + 1, cookie="pst_l=siti")
    assert refused.status == 413
    assert "Kiriman terlalu besar" in refused.text


@needs_nginx
@pytest.mark.parametrize("path", UPLOADS)
def test_files_are_taken_from_those_who_have_logged_in(ask: Ask, path: str):
    large = 3 * 1024**2

    answer = ask("POST", path, large, cookie="__Host-pst_l=siti")
    assert (answer.status, answer.text) == (200, path)

    for cookie in ("", "__Host-pst_l=forged"):
        refused = ask("POST", path, large, cookie=cookie)
        assert refused.status == 401
        assert "Masuk dahulu" in refused.text
        assert ask("POST", path, 999_999, cookie=cookie).status == 200
    assert ask("POST", path, 64 * 1024**2 + 1, cookie="pst_l=siti").status == 413


@needs_nginx
def test_a_body_on_a_slow_link_waits_at_the_proxy(site: int, ask: Ask):
    head = f"POST /masuk HTTP/1.1\r\nHost: pst.id:{site}\r\nContent-Length: 4\r\n\r\n"
    Application.posts.clear()
    link = socket.create_connection(("127.0.0.1", site), timeout=10)
    with _unverified().wrap_socket(link) as slow:
        slow.sendall(head.encode() + b"abc")
        assert ask("POST", "/nilai/x", 10).status == 200
        assert Application.posts == ["/nilai/x"], "it has not reached the application"

        slow.sendall(b"d")
        assert slow.recv(12) == b"HTTP/1.1 200"
    assert Application.posts == ["/nilai/x", "/masuk"]


@needs_nginx
def test_what_is_for_nginx_alone_is_reached_by_no_one(ask: Ask):
    for path in ("/_pst/besar/konsultasi/KS-2026-000001/pesan", "/_pst/siapa"):
        assert ask("POST", path, 10, cookie="pst_l=siti").status == 404


@needs_nginx
def test_every_answer_asks_for_https_and_once(ask: Ask):
    answers = [
        ask("GET", "/"),
        ask("GET", "/_pst/sebentar.html"),  # 404
        ask("POST", "/daftar", 70_000),  # 413
        ask("POST", UPLOADS[0], 3_000_000),  # 401
        ask("GET", "/metrics"),
        ask("GET", "/", host="lain.id"),  # 421
    ]

    assert [a.status for a in answers] == [200, 404, 413, 401, 200, 421]
    for answer in answers:
        (told,) = answer.headers.get_all("Strict-Transport-Security") or ["none"]
        assert told.startswith("max-age=31536000")


@needs_nginx
def test_figures_come_without_an_address_from_here(ask: Ask):
    assert ask("GET", "/metrics").text == "None"
    assert ask("GET", "/sehat").text == "127.0.0.1"


def test_every_address_that_takes_files_is_known_to_nginx(app: Flask):
    """`UPLOADS` of the installer names each route whose view reads files."""
    posts = [path for _, method, path in routes_of(app) if method == "POST"]
    known = {
        path for path in posts if re.match(front.UPLOADS, re.sub("<.*?>", "7", path))
    }

    assert known == {
        "/konsultasi/<number>/lampiran",
        "/konsultasi/<number>/pesan",
        "/petugas/konsultasi/<number>/pesan",
        "/petugas/artikel/<int:id>",
        "/petugas/artikel/<int:id>/berkas",
    }


def test_the_application_says_who_has_logged_in(app: Flask, at: object):
    assert Browser(app).get("/masuk/keadaan").status_code == 403
    assert Browser(app).log_in("siti").get("/masuk/keadaan").status_code == 204
