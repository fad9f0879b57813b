"""The lamp of our sender, asked of a real DNS server."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest
from flask import Flask

from pst import lamps
from pst.database import db
from pst.outbox.sender_records import LAMP, look_at_sender
from pst.server.mail_config import MailAccount
from tests.processes import HOST

GOOD = {
    ("contoh.go.id", "MX"): "10 mx.contoh.go.id.",
    ("contoh.go.id", "TXT"): '"v=spf1 mx ~all"',
    ("default._domainkey.contoh.go.id", "TXT"): '"v=DKIM1; p=MIIB" "IjAN"',
    ("_dmarc.contoh.go.id", "TXT"): '"v=DMARC1; p=none"',
}


class Names:
    """A DNS server that knows `records`."""

    def __init__(self) -> None:
        self.records = dict(GOOD)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((HOST, 0))
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while True:
            data, whom = self.socket.recvfrom(4096)
            if not data:
                return
            self.socket.sendto(self.answer(dns.message.from_wire(data)), whom)

    def answer(self, query: dns.message.Message) -> bytes:
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        asked = query.question[0]
        name = asked.name.to_text(omit_final_dot=True)
        kind = dns.rdatatype.to_text(asked.rdtype)
        if value := self.records.get((name, kind)):
            lines = value.split("\n")
            reply.answer.append(dns.rrset.from_text(asked.name, 60, "IN", kind, *lines))
        elif name not in {known for known, _ in self.records}:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply.to_wire()

    def close(self) -> None:
        self.socket.sendto(b"", self.socket.getsockname())
        self.thread.join(10)
        self.socket.close()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[Names]:
    server = Names()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = [HOST], server.socket.getsockname()[1]
    monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
    yield server
    server.close()


def lamp(app: Flask, address: str, host: str = "smtp.contoh.go.id") -> tuple[str, str]:
    server = MailAccount(host, 587, None, None, tls=False, ssl=False)
    app.config["PST"] = replace(app.config["PST"], mail=server, mail_from=address)
    look_at_sender()
    found = db.session.get_one(lamps.Lamp, LAMP)
    db.session.rollback()
    return found.level.value, found.value or ""


def test_a_sender_with_all_records_is_well(app: Flask, context: None, names: Names):
    assert lamp(app, "pst@contoh.go.id") == ("good", "contoh.go.id")


@pytest.mark.parametrize(
    ("name", "kind", "value", "code"),
    [
        ("contoh.go.id", "TXT", None, "spf"),
        ("contoh.go.id", "TXT", '"v=spf1 mx ~all"\n"v=spf1 a -all"', "spf_twice"),
        ("default._domainkey.contoh.go.id", "TXT", None, "dkim"),
        ("_dmarc.contoh.go.id", "TXT", None, "dmarc"),
    ],
)
def test_what_is_missing_is_named(
    name: str,
    kind: str,
    value: str | None,
    code: str,
    app: Flask,
    context: None,
    names: Names,
):
    if value is None:
        del names.records[name, kind]
    else:
        names.records[name, kind] = value

    assert lamp(app, "pst@contoh.go.id") == ("warn", f"contoh.go.id {code}")


@pytest.mark.parametrize(
    "address", ["pst@localhost", "pst@kantor.local", "pst@tidak-ada.go.id"]
)
def test_a_sender_that_no_one_may_send_as_is_red(
    address: str, app: Flask, context: None, names: Names
):
    level, words = lamp(app, address)

    assert (level, words.split()[1]) == ("bad", "nowhere")


def test_an_own_mail_server_needs_a_name_for_its_address(
    app: Flask, context: None, names: Names
):
    app.config["PST"] = replace(app.config["PST"], base_url="https://192.0.2.7")
    assert lamp(app, "pst@contoh.go.id", "localhost")[1] == "contoh.go.id ptr"

    names.records["7.2.0.192.in-addr.arpa", "PTR"] = "pst.contoh.go.id."
    assert lamp(app, "pst@contoh.go.id", "localhost")[0] == "good"


def test_a_dns_that_does_not_answer_changes_no_lamp(
    app: Flask, context: None, names: Names, monkeypatch: pytest.MonkeyPatch
):
    assert lamp(app, "pst@contoh.go.id")[0] == "good"
    monkeypatch.setattr("pst.outbox.sender_records.PATIENCE_S", 0.2)
    monkeypatch.setattr(names, "answer", lambda query: b"x")

    assert lamp(app, "pst@contoh.go.id")[0] == "good"
