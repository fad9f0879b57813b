"""Calls that leave this machine through a proxy."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import Flask

from pst.outbox.incoming.mailbox import read_bounces, trouble
from pst.outward.calls import Party, ask
from pst.server.mail_config import BounceMailbox
from pst.server.outward_config import Outward, Proxy
from tests.outward.steps import answering, reason_of
from tests.processes import HOST
from tests.web_server import Answer


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
