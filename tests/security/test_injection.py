"""No header, address or page takes what strangers type for its own words."""

import re
from urllib.parse import urlsplit

import pytest
from flask import Flask

from pst.accounts.users import User
from pst.database import transaction
from pst.outbox.message.mail_parts import as_message
from pst.outbox.models import OutboxMail
from pst.web.access import Role
from pst.web.responses import safe_next
from tests.journeys.conftest import Browser
from tests.people import PASSWORD, email_of
from tests.security.routes import MAY, NAMES, path_of, written

ELSEWHERE = (
    "//jahat.test",
    "///jahat.test",
    "/\\jahat.test",
    "\\\\jahat.test",
    "https://jahat.test",
    "http:jahat.test",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/jahat.test",
    "/\n/jahat.test",
    " //jahat.test",
    "/akun\r\nSet-Cookie: a=b",
    "%2f%2fjahat.test",
    "@jahat.test",
    "/%5cjahat.test",
)
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.I
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_log_in_leads_nowhere_but_inside(app: Flask, at, target: str):
    browser = Browser(app)

    answer = browser.post(
        "/masuk", {"email": email_of("siti"), "password": PASSWORD, "next": target}
    )

    assert is_inside(answer.location), answer.location
    assert "Set-Cookie: a" not in str(answer.headers)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_only_a_path_of_ours_is_followed(target: str):
    chosen = safe_next(target, "/")

    assert is_inside(chosen)


def is_inside(location: str) -> bool:
    parts = urlsplit(location)
    return not parts.scheme and not parts.netloc and location[:2] not in ("//", "/\\")


def test_no_route_sends_anyone_outside(app: Flask, at):
    """Anything in the query: `next`, url_for's own keywords, …"""
    query = {
        "next": "//jahat.test",
        "_external": "1",
        "_scheme": "javascript",
        "_anchor": "x",
        "endpoint": "x",
        "url": "//jahat.test",
        "hal": "2",
    }
    for role, name in NAMES.items():
        browser = Browser(app).log_in(name)
        for access, method, rule in written():
            if method == "GET" and role in MAY[access]:
                answer = browser.get(path_of(rule), query_string=query)
                where = f"{role} {rule}: {answer.status_code} {answer.location}"
                # The health page says by its status that a lamp is red.
                assert answer.status_code < 500 or rule == "/sehat", where
                assert answer.location is None or is_inside(answer.location), where
                if answer.mimetype == "text/html":
                    links = re.findall(r'(?:href|action|src)="([^"]*)"', answer.text)
                    assert not [
                        link
                        for link in links
                        if link.startswith(("javascript:", "//"))
                        or "jahat" in link[:20]
                    ], where


# The same for everyone, and nothing of a person: any cache may keep these.
FOR_EVERYONE = {
    "/.well-known/security.txt",
    "/manifest.webmanifest",
    "/pekerja.js",
    "/robots.txt",
    "/sitemap.xml",
    "/sitemap-halaman.xml",
    "/umpan.xml",
    "/wilayah/pilihan",
}


def test_every_page_has_its_headers_and_nothing_inline(app: Flask, at):
    for role, name in NAMES.items():
        browser = Browser(app).log_in(name)
        for access, method, rule in written():
            if method == "GET" and role in MAY[access]:
                answer = browser.get(path_of(rule))
                if answer.status_code in (204, 304):
                    continue
                assert {k: answer.headers.get(k) for k in HEADERS} == HEADERS, rule
                policy = answer.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy, rule
                assert "unsafe" not in policy, rule
                kept = answer.headers["Cache-Control"]
                if rule in FOR_EVERYONE:
                    assert "Set-Cookie" not in answer.headers, rule
                else:
                    assert "no-store" in kept or "private" in kept, rule
                if answer.mimetype == "text/html":
                    assert not INLINE.search(answer.text), rule
                    assert "frame-ancestors 'none'" in policy, rule
                    assert "no-store" in kept or rule in FOR_EVERYONE, rule


@pytest.mark.parametrize(
    "name",
    [
        "Siti\r\nBcc: korban@contoh.test",
        "Siti\nSubject: palsu",
        "Siti\x00\x0b\x0c\u2028Bcc: x@y.z",
        '"Siti" <korban@contoh.test>, x',
        "=?utf-8?q?Siti=0ABcc:_x?=",
    ],
)
def test_a_name_forges_no_header_of_a_mail(app: Flask, at, name: str):
    with app.app_context(), transaction():
        user = User.register("nama@contoh.test", name, "x", role=Role.USER)
        letter = OutboxMail.put("password_changed", to=user.mailbox, cause="x")
        raw = as_message(letter).as_bytes().decode("utf-8", "replace")

    head = (
        raw.partition("\r\n\r\n")[0] if "\r\n\r\n" in raw else raw.partition("\n\n")[0]
    )
    names = [line.partition(":")[0].lower() for line in re.split(r"\r?\n(?!\s)", head)]
    assert "bcc" not in names
    assert names.count("subject") == 1
    assert names.count("to") == 1
    assert raw.count("korban@contoh.test") == 0 or "<nama@contoh.test>" in head


def test_a_typed_value_reaches_no_answer_header(app: Flask, at):
    siti = Browser(app).log_in("siti")

    for value in ("a\r\nX-Palsu: 1", "a\nX-Palsu: 1", "é\u2028X-Palsu: 1"):
        for path in ("/cari", "/masuk", "/daftar"):
            answer = siti.get(path, query_string={"q": value, "next": value})
            assert "X-Palsu" not in answer.headers
        answer = siti.get("/konsultasi/KS-2026-000009", headers={"HX-PTag": "1.1"})
        assert "X-Palsu" not in answer.headers
