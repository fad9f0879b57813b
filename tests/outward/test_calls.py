"""Calls that leave this machine: what is refused, and what ends a call."""

import gzip
import logging
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from pst import lamps
from pst.lamps import Level
from pst.outbox.incoming.mailbox import read_bounces, trouble
from pst.outward import calls, connections
from pst.outward.calls import Failed, Party, ask
from pst.server.config_values import BadSetting
from pst.server.mail_config import BounceMailbox
from pst.server.outward_config import Outward, Proxy, base_address, outward
from tests.processes import HOST
from tests.web_server import Answer, Request, WebServer

PARTY = Party("test_party", (HOST,), timeout_s=1, max_bytes=10_000)


@pytest.fixture(autouse=True)
def named(app: Flask) -> None:
    """Let the service call this machine."""
    here = Outward(private_hosts=frozenset([HOST, "localhost"]))
    app.config["PST"] = replace(app.config["PST"], outward=here)


@contextmanager
def answering(answer: Answer) -> Iterator[WebServer]:
    with WebServer(lambda request: answer) as server:
        yield server


@contextmanager
def refusing_proxy() -> Iterator[tuple[Proxy, list[str]]]:
    """Open a proxy that refuses one tunnel, and keep what it was asked."""
    lines: list[str] = []
    with socket.create_server((HOST, 0)) as listening:

        def refuse() -> None:
            peer, _ = listening.accept()
            with peer:
                lines.append(peer.recv(4000).decode())
                peer.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")

        thread = threading.Thread(target=refuse)
        thread.start()
        yield Proxy(HOST, listening.getsockname()[1], "u", "p"), lines
        thread.join()


def reason_of(party: Party, url: str) -> str:
    with pytest.raises(Failed) as failure:
        ask(party, url)
    return failure.value.reason


def test_an_answer_comes_with_its_status_headers_and_body(context: None):
    with answering(Answer(b"isi", 404, {"X-Kind": "none"})) as server:
        reply = ask(PARTY, f"{server.url}/a?b=c", headers={"X-Own": "1"})

    assert (reply.status, reply.headers["x-kind"], reply.body) == (404, "none", b"isi")
    assert server.requests[0].path == "/a?b=c"
    assert server.requests[0].headers["x-own"] == "1"
    assert server.requests[0].headers["user-agent"].startswith("PST/")


def test_a_body_is_posted(context: None):
    with answering(Answer(b"")) as server:
        ask(PARTY, server.url, "POST", body=b"isi")

    assert (server.requests[0].method, server.requests[0].body) == ("POST", b"isi")


def test_a_host_of_another_party_is_not_called(context: None):
    with answering(Answer(b"isi")) as server:
        other = replace(PARTY, hosts=("contoh.test",))
        assert reason_of(other, server.url) == "refused"

    assert not server.requests


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "/a", "http://u:p@127.0.0.1/"])
def test_only_web_addresses_are_called(context: None, url: str):
    assert reason_of(PARTY, url) == "refused"


@pytest.mark.parametrize(
    ("host", "is_allowed"),
    [
        ("push.contoh.test", True),
        ("a.push.contoh.test", True),
        ("contoh.test", False),
        ("evilpush.contoh.test", False),
    ],
)
def test_a_star_stands_for_the_names_below(host: str, is_allowed: bool):
    party = Party("p", ("push.contoh.test", "*.push.contoh.test"))

    assert party.allows(host) is is_allowed


def test_a_private_address_must_be_named_in_the_settings(context: None, app: Flask):
    app.config["PST"] = replace(app.config["PST"], outward=Outward())
    with answering(Answer(b"isi")) as server:
        assert reason_of(PARTY, server.url) == "refused"

    assert not server.requests


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3",
        "169.254.169.254",
        "::1",
        "fe80::1%eth0",
        "::ffff:10.0.0.1",
        "224.0.0.1",
    ],
)
def test_addresses_of_inner_networks_are_not_public(address: str):
    assert not connections._is_public(address)
    assert connections._is_public("103.10.64.1")


def test_an_answer_too_long_is_refused(context: None):
    with answering(Answer(b"a" * 10_001)) as server:
        assert reason_of(PARTY, server.url) == "too_large"
    with answering(Answer(b"a" * 10_000)) as server:
        assert len(ask(PARTY, server.url).body) == 10_000


def test_a_small_answer_that_unpacks_to_a_long_one_is_refused(context: None):
    packed = {"Content-Encoding": "gzip"}
    with answering(Answer(gzip.compress(b"a" * 10_000_000)[:9000], 200, packed)) as s:
        assert reason_of(replace(PARTY, max_bytes=9000), s.url) == "too_large"
    with answering(Answer(gzip.compress(b"isi"), 200, packed)) as server:
        assert ask(PARTY, server.url).body == b"isi"


def test_an_answer_cut_off_is_no_answer(context: None):
    with answering(Answer(b"a" * 500, cut=200)) as server:
        assert reason_of(PARTY, server.url) == "broken"
    half = gzip.compress(b"abc" * 500)[:-12]
    with answering(Answer(half, 200, {"Content-Encoding": "gzip"})) as server:
        assert reason_of(PARTY, server.url) == "broken"


def test_a_server_that_hangs_is_left(context: None):
    with answering(Answer(hangs=True)) as server:
        assert reason_of(PARTY, server.url) == "slow"


def test_a_server_that_sends_a_byte_now_and_then_is_left(context: None):
    with answering(Answer(b"a" * 900, drip=0.1)) as server:
        assert reason_of(PARTY, server.url) == "slow"


def test_no_server_is_unreachable(context: None):
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]

    assert reason_of(PARTY, f"http://{HOST}:{port}/") == "unreachable"


def test_a_redirect_stays_with_the_party(context: None):
    def answer(request: Request) -> Answer:
        target = {"/a": "/b", "/away": "http://contoh.test/", "/round": "/round"}
        if request.path in target:
            return Answer(status=302, headers={"Location": target[request.path]})
        return Answer(b"isi")

    with WebServer(answer) as server:
        assert ask(PARTY, f"{server.url}/a").body == b"isi"
        assert reason_of(PARTY, f"{server.url}/away") == "refused"
        assert reason_of(PARTY, f"{server.url}/round") == "refused"
        assert ask(PARTY, f"{server.url}/a", "POST").status == 302


@pytest.mark.parametrize(
    "target", ["http://[", "//127.0.0.1:x/", "//127.0.0.1:99999/", "//127.0.0.1:0/"]
)
def test_a_redirect_to_no_address_is_refused(context: None, target: str):
    with answering(Answer(status=302, headers={"Location": target})) as server:
        assert reason_of(PARTY, server.url) == "refused"


def test_a_redirect_to_letters_that_no_address_has_is_refused(context: None):
    with answering(Answer(status=302, headers={"Location": "/\xe4"})) as server:
        assert reason_of(PARTY, server.url) == "refused"


def test_a_certificate_without_a_known_issuer_is_refused(context: None, tmp_path: Path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-subj", "/CN=localhost"]
        + ["-pkeyopt", "ec_paramgen_curve:prime256v1"]
        + ["-addext", "subjectAltName=DNS:localhost"]
        + ["-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    with WebServer(lambda r: Answer(b"isi"), (certificate, key)) as server:
        party = replace(PARTY, hosts=("localhost",))
        assert reason_of(party, f"https://localhost:{server.port}/") == "unreachable"
        connections._tls.cache_clear()
        connections._tls().load_verify_locations(certificate)
        try:
            assert ask(party, f"https://localhost:{server.port}/").body == b"isi"
        finally:
            connections._tls.cache_clear()


def test_a_proxy_gets_the_whole_address(context: None, app: Flask):
    with answering(Answer(b"isi")) as server:
        through = Proxy(HOST, server.port, "u", "p")
        config = replace(app.config["PST"], outward=Outward(proxy=through))
        app.config["PST"] = config
        party = Party("test_party", ("webapi.contoh.test",), timeout_s=1)
        assert ask(party, "http://webapi.contoh.test/a").body == b"isi"

    request = server.requests[0]
    assert request.path == "http://webapi.contoh.test/a"
    assert request.headers["host"] == "webapi.contoh.test"
    assert request.headers["proxy-authorization"] == "Basic dTpw"


def test_a_proxy_opens_a_tunnel_for_an_encrypted_call(context: None, app: Flask):
    with refusing_proxy() as (proxy, lines):
        config = replace(app.config["PST"], outward=Outward(proxy=proxy))
        app.config["PST"] = config
        party = Party("test_party", ("webapi.contoh.test",), timeout_s=2)
        assert reason_of(party, "https://webapi.contoh.test/a") == "unreachable"

    assert lines[0].startswith("CONNECT webapi.contoh.test:443 ")
    assert "Proxy-Authorization: Basic dTpw" in lines[0]


def test_a_mailbox_is_read_through_the_proxy_too(context: None, app: Flask):
    box = BounceMailbox("imap.contoh.test", 993, "u", "p", "INBOX", ssl=True)
    with refusing_proxy() as (proxy, lines):
        app.config["PST"] = replace(
            app.config["PST"], outward=Outward(proxy=proxy), bounce_mailbox=box
        )
        read_bounces()

    assert lines[0].startswith("CONNECT imap.contoh.test:993 ")
    assert trouble(box)[1]


def test_the_lamp_shows_how_the_last_call_ended(context: None):
    with answering(Answer(b"isi")) as server:
        with pytest.raises(Failed), calls.watched(replace(PARTY, hosts=())):
            ask(replace(PARTY, hosts=()), server.url)
        lamp = lamps.by_name()["test_party"]
        assert (lamp.level, lamp.value.split(":")[0]) == (Level.WARN, "refused")
        with calls.watched(PARTY):
            ask(PARTY, server.url)

    assert lamps.by_name()["test_party"].level is Level.GOOD


def test_the_log_names_the_host_and_no_secret(
    context: None, caplog: pytest.LogCaptureFixture
):
    with (
        answering(Answer(b"isi")) as server,
        caplog.at_level(logging.INFO, "pst.outward.calls"),
    ):
        ask(PARTY, f"{server.url}/rahasia?key=rahasia")

    assert "test_party: GET 127.0.0.1 200, 3 bytes" in caplog.text
    assert "rahasia" not in caplog.text


def test_settings_that_cannot_be_right_are_refused():
    assert outward("http://u:p%40@proxy.contoh:3128", "a.contoh, 10.0.0.5") == Outward(
        Proxy("proxy.contoh", 3128, "u", "p@"), frozenset(["a.contoh", "10.0.0.5"])
    )
    with pytest.raises(BadSetting, match="PST_OUTWARD_PROXY"):
        outward("socks5://proxy.contoh", None)
    with pytest.raises(BadSetting, match="PST_OUTWARD_PRIVATE"):
        outward(None, "10.0.0.0/8")
    with pytest.raises(BadSetting, match="PST_WEBAPI_URL"):
        base_address("PST_WEBAPI_URL", "webapi.contoh")
    assert base_address("X", "https://a.contoh/v1/") == "https://a.contoh/v1"
