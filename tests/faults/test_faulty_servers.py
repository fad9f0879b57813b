"""Eleven mail servers with one fault each: what waits arrives once they are mended."""

import subprocess
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from flask import Flask

from pst.accounts.users import User
from pst.admin.health import mail_looks
from pst.database import db, transaction
from pst.outbox import delivery
from pst.outbox.jobs import deliver_due
from pst.outbox.models import Delivery, OutboxMail
from pst.server.mail_config import MailAccount
from tests.outbox.conftest import owe
from tests.outbox.scripted import HANG, HANG_UP, ScriptedServer
from tests.processes import HOST

__all__ = ["owe"]  # a fixture
MAILS, HOURS = 4, 8
Owe = Callable[..., int]


@dataclass(frozen=True)
class Fault:
    """What a server does wrong, and what the lamp says of it."""

    says: str
    script: dict[str, str] = field(default_factory=dict)
    lamp: str = "bad"
    tls: str = ""  # a certificate: "good", "bad", "none offered"
    most_copies: int = 1


FAULTS = [
    Fault("refuses our sender", {"rcpt": "550 5.7.1 Sender address rejected"}),
    Fault("refuses to relay", {"rcpt": "554 5.7.1 Relay access denied"}),
    Fault("has a quota for the day", {"rcpt": "550 5.4.5 Daily quota exceeded"}),
    Fault("has full mailboxes", {"rcpt": "552 5.2.2 Mailbox full"}, "good"),
    Fault("is slow after the dot", {"after_dot": HANG}, most_copies=2),
    Fault("refuses the password", {"auth": "535 5.7.8 Wrong"}, tls="good"),
    Fault("has a bad certificate", tls="bad"),
    Fault("offers no encryption", tls="none offered"),
    Fault("takes no sender now", {"mail": "451 4.3.0 Later"}),
    Fault("hangs up in the middle", {"data": HANG_UP}),
    Fault("takes short lines of ASCII only", lamp="good"),
]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Two certificates that sign themselves: one for this host, one for another."""
    folder = tmp_path_factory.mktemp("certificates")
    made = {}
    for name, subject in (("good", f"IP:{HOST}"), ("bad", "DNS:lain.test")):
        paths = folder / f"{name}.pem", folder / f"{name}.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "30000"]
            + ["-pkeyopt", "ec_paramgen_curve:P-256", "-subj", f"/CN={name}"]
            + ["-addext", f"subjectAltName={subject}"]
            + ["-out", str(paths[0]), "-keyout", str(paths[1])],
            check=True,
            capture_output=True,
        )
        made[name] = paths
    return made


@pytest.fixture
def server(
    app: Flask, certificates: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> Iterator[ScriptedServer]:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates["good"][0]))
    for name in ("COMMAND_S", "DATA_S", "AFTER_DOT_S"):
        monkeypatch.setattr(delivery, name, 2)
    monkeypatch.setattr(delivery, "GOODBYE_S", 0.1)
    with ScriptedServer() as scripted:
        yield scripted


def break_it(fault: Fault, app: Flask, server: ScriptedServer, made: Any) -> None:
    password = "rahasia" if fault.tls else None
    mail = MailAccount(
        HOST, server.port, "pst" if password else None, password, False, False
    )
    app.config["PST"] = replace(
        app.config["PST"], mail=replace(mail, tls=bool(fault.tls))
    )
    server.script.update(fault.script)
    if fault.tls:
        server.offers += ["AUTH PLAIN"]
        server.certificate = made["bad" if fault.tls == "bad" else "good"]
        if fault.tls != "none offered":
            server.offers.insert(0, "STARTTLS")


def mend(server: ScriptedServer, made: Any) -> None:
    server.script.clear()
    server.certificate = made["good"]
    if "AUTH PLAIN" in server.offers and "STARTTLS" not in server.offers:
        server.offers.insert(0, "STARTTLS")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.says)
def test_mails_outlive_a_server_that(
    fault: Fault,
    app: Flask,
    server: ScriptedServer,
    certificates: dict[str, Any],
    siti: User,
    owe: Owe,
    at: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
):
    if HANG in fault.script.values():
        monkeypatch.setattr(delivery, "AFTER_DOT_S", 0.2)
    break_it(fault, app, server, certificates)
    server.is_strict = True
    for number in range(MAILS):
        owe(siti, str(number))
    with transaction():
        for mail in OutboxMail.query:
            mail.body = "Penjelasan–panjang " * 90 + "\n.\n.titik\n"

    for hour in range(HOURS):
        at(f"2026-03-02 {9 + hour:02}:00+07:00")
        deliver_due()
        at(f"2026-03-02 {9 + hour:02}:30+07:00")
        deliver_due()
    assert not OutboxMail.query.filter_by(state=Delivery.FAILED).count() or (
        HANG in fault.script.values()
    )
    assert mail_looks.mail()[0] == fault.lamp
    db.session.rollback()
    secret = b64encode(b"\0pst\0rahasia").decode()
    assert server.is_encrypted_only(secret)

    mend(server, certificates)
    for day in range(3, 6):
        at(f"2026-03-{day:02} 09:00+07:00")
        deliver_due()

    states = {mail.state for mail in OutboxMail.query}
    assert states <= {Delivery.SENT, Delivery.FAILED}
    copies = [server.message_ids.count(id) for id in set(server.message_ids)]
    assert len(copies) == MAILS and max(copies) <= fault.most_copies
    if fault.most_copies == 1:
        assert states == {Delivery.SENT}
