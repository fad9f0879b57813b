"""How the mail server is used, and what became of a mail."""

from dataclasses import replace

from flask import Flask

from pst.database import db
from pst.outbox.servers import MailServer
from pst.server.mail_config import MailAccount
from tests.outbox.scripted import ScriptedServer
from tests.processes import HOST


def use(app: Flask, server: ScriptedServer, **how: object) -> None:
    mail = MailAccount(HOST, server.port, None, None, tls=False, ssl=False)
    app.config["PST"] = replace(app.config["PST"], mail=replace(mail, **how))  # type: ignore[arg-type]


def state() -> MailServer:
    db.session.rollback()
    found = MailServer.find()
    assert found is not None
    return found
