"""Calls that leave this machine: what is refused before or on the way."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from pst.outward import connections
from pst.outward.calls import Party, ask
from pst.server.config_values import BadSetting
from pst.server.outward_config import Outward, Proxy, base_address, outward
from tests.outward.steps import PARTY, answering, reason_of
from tests.web_server import Answer, Request, WebServer


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
