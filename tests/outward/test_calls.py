"""Calls that leave this machine: what ends a call, and what is noted of it."""

import gzip
import logging
import socket
from dataclasses import replace

import pytest

from pst import lamps
from pst.lamps import Level
from pst.outward import calls
from pst.outward.calls import CallFailure, ask
from tests.outward.steps import PARTY, answering, reason_of
from tests.processes import HOST
from tests.web_server import Answer


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


def test_the_lamp_shows_how_the_last_call_ended(context: None):
    with answering(Answer(b"isi")) as server:
        with pytest.raises(CallFailure), calls.watched(replace(PARTY, hosts=())):
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
