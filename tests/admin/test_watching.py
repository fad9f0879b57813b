"""What the watch looks at: the certificate, the clock, the trail, the worker."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from pst import lamps
from pst.accounts.users import User
from pst.admin.health.alarms import watch_lamps
from pst.admin.health.watching import look_at_certificate, look_at_clock
from pst.admin.jobs import check_trail
from pst.database import db, transaction
from pst.lamps import Lamp
from pst.office import audit
from pst.outbox import due
from pst.outbox.models import Delivery, OutboxMail
from pst.server.mail_config import MailAccount
from tests.outbox.conftest import post_office
from tests.post_office import PostOffice
from tests.stored import without_triggers

At = Callable[[str | datetime], None]
__all__ = ["post_office"]


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A front door whose certificate ends on 31 March 2040 at 09.00 WIB; its port."""
    with _open_door(tmp_path_factory.mktemp("door"), "20400331020000Z") as port:
        yield port


@pytest.fixture(scope="module")
def old_door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A front door whose certificate has ended; its port."""
    with _open_door(tmp_path_factory.mktemp("old"), "20210331020000Z") as port:
        yield port


@contextmanager
def _open_door(folder: Path, ends: str) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(folder, ends), folder / "key.pem")
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        threading.Thread(target=_serve, args=(listener, context), daemon=True).start()
        yield listener.getsockname()[1]


def _certificate(folder: Path, ends: str) -> Path:
    key, request, made = (folder / f"{n}.pem" for n in ("key", "request", "made"))
    index, settings = folder / "index.txt", folder / "ca.cnf"
    index.touch()
    settings.write_text(
        "[ca]\ndefault_ca = own\n[own]\n"
        f"database = {index}\nnew_certs_dir = {folder}\nrand_serial = yes\n"
        "default_md = sha256\npolicy = any\n[any]\ncommonName = supplied\n"
    )
    asked = ["openssl", "req", "-new", "-newkey", "ec", "-nodes", "-keyout", key]
    asked += ["-pkeyopt", "ec_paramgen_curve:P-256", "-subj", "/CN=pst.contoh.test"]
    subprocess.run([*asked, "-out", request], check=True, capture_output=True)
    signed = ["openssl", "ca", "-batch", "-selfsign", "-config", settings]
    signed += ["-keyfile", key, "-in", request, "-out", made, "-notext"]
    signed += ["-startdate", "20200101020000Z", "-enddate", ends]
    subprocess.run(signed, check=True, capture_output=True)
    return made


def _serve(listener: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            line, _ = listener.accept()
        except OSError:
            return
        with suppress(OSError), context.wrap_socket(line, server_side=True) as visitor:
            visitor.recv(1)


def lamp(name: str) -> Lamp:
    db.session.rollback()
    return db.session.get_one(Lamp, name)


def at_address(url: str) -> None:
    changed = replace(current_app.config["PST"], base_url=url)
    current_app.config["PST"] = changed


@pytest.mark.parametrize(
    ("moment", "level", "days"),
    [
        ("2040-03-11 09:00+07:00", "good", "20"),
        ("2040-03-11 09:01+07:00", "bad", "19"),
    ],
)
def test_a_certificate_is_an_alarm_within_twenty_days_of_its_end(
    context: None, at: At, door: int, moment: str, level: str, days: str
):
    at_address(f"https://127.0.0.1:{door}")
    at(moment)

    look_at_certificate()

    assert (lamp("certificate").level, lamp("certificate").value) == (level, days)


def test_a_certificate_that_has_ended_is_an_alarm(context: None, at: At, old_door: int):
    at_address(f"https://127.0.0.1:{old_door}")

    look_at_certificate()

    assert (lamp("certificate").level, lamp("certificate").value) == ("bad", "0")


def test_a_name_that_leads_nowhere_from_inside_is_asked_here(
    context: None, at: At, door: int
):
    at_address(f"https://pst.contoh.invalid:{door}")
    at("2040-03-02 09:00+07:00")

    look_at_certificate()

    assert lamp("certificate").value == "29"


def test_a_certificate_that_cannot_be_seen_is_no_alarm_but_a_warning(
    context: None, at: At
):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    at_address(f"https://127.0.0.1:{port}")

    look_at_certificate()

    assert lamp("certificate").level == "warn"


def test_a_clock_that_goes_back_is_an_alarm_for_a_day(context: None, at: At):
    at("2026-03-02 09:00+07:00")
    look_at_clock()
    at("2026-03-02 08:58+07:00")  # two minutes are a time server's to correct
    look_at_clock()
    assert lamp("clock").level == "good"

    at("2026-03-02 08:55:59+07:00")
    look_at_clock()
    assert lamp("clock").level == "bad"

    at("2026-03-03 08:55+07:00")
    look_at_clock()
    assert lamp("clock").level == "bad"
    at("2026-03-03 08:56+07:00")
    look_at_clock()
    assert lamp("clock").level == "good"


def test_mails_put_off_under_a_future_clock_go_when_it_is_right_again(
    siti: User, at: At
):
    at("2028-08-18 09:00+07:00")
    look_at_clock()
    with transaction():
        letter = OutboxMail.put("password_changed", to=siti.mailbox, cause="1")
        due.take()
        db.session.flush()
        id = letter.id

    at("2026-03-02 09:00+07:00")
    look_at_clock()

    with transaction():
        taken = due.take()
        assert taken is not None
        assert taken.id == id


def test_a_changed_audit_entry_is_an_alarm(siti: User, at: At):
    with transaction():
        audit.record("try", "person:1", siti.id)
    check_trail()
    assert lamp("audit").level == "good"

    with transaction():
        without_triggers("audit_entry")
        db.session.execute(sa.text("UPDATE audit_entry SET action = 'forged'"))
    check_trail()

    assert lamp("audit").level == "bad"


def test_mails_about_a_silent_worker_go_without_it(
    app: Flask, andi: User, at: At, post_office: PostOffice
):
    server = MailAccount(
        "127.0.0.1", post_office.port, None, None, tls=False, ssl=False
    )
    app.config["PST"] = replace(app.config["PST"], mail=server)

    watch_lamps()  # without Redis no one works
    at("2026-03-02 09:05+07:00")
    watch_lamps()

    mails = db.session.scalars(sa.select(OutboxMail).filter_by(kind="lamps")).all()
    assert [mail.state for mail in mails] == [Delivery.SENT]
    assert "Pekerja latar belakang" in mails[0].subject
    assert lamps.by_name()["worker"].told_at
