"""The trail tells who read a conversation that is not theirs; not who does the work."""

import pytest
import sqlalchemy as sa
from flask import Flask

from pst.database import db
from pst.office.audit import READ, AuditEntry
from tests.pages import Browser

NUMBER = "KS-2026-000001"
MINE, DESK = f"/konsultasi/{NUMBER}", f"/petugas/konsultasi/{NUMBER}"


@pytest.fixture
def served(siti: Browser, budi: Browser, at) -> None:
    """Siti asked, and Budi serves her."""
    at("2026-03-02 09:00+07:00")
    form = {"subject": "IPM", "description": "IPM 2025?", "area": "B", "years": "2025"}
    siti.post("/konsultasi/baru?jenis=data", form)
    budi.post(f"{DESK}/pengambilan")


def readings(app: Flask) -> list[str]:
    """Return who was noted to have read what."""
    query = sa.select(AuditEntry).filter_by(action=READ).order_by(AuditEntry.id)
    with app.app_context():
        return [
            f"{entry.actor_id} {entry.subject}" for entry in db.session.scalars(query)
        ]


def test_who_asked_and_who_serves_leave_no_note(app, siti, budi, served):
    siti.get(MINE)
    budi.get(DESK)

    assert readings(app) == []


def test_an_officer_who_reads_what_they_asked_themselves_leaves_no_note(
    app, rina, served
):
    form = {"subject": "IPM", "description": "IPM 2025?", "area": "B", "years": "2025"}
    address = rina.post("/konsultasi/baru?jenis=data", form).location

    for path in (address, address.replace("/konsultasi/", "/petugas/konsultasi/")):
        assert rina.get(path).status_code == 200
    assert readings(app) == []


def test_a_colleague_is_noted_once_a_day(app, at, served):
    rina, hasan = Browser(app).log_in("rina"), Browser(app).log_in("hasan")
    rina.get(DESK)
    rina.get(DESK)
    hasan.get(DESK)
    assert len(readings(app)) == 2
    assert {line.partition(" ")[2] for line in readings(app)} == {
        f"consultation:{NUMBER}"
    }

    at("2026-03-03 09:00+07:00")
    Browser(app).log_in("rina").get(DESK)
    assert len(readings(app)) == 2
    at("2026-03-03 09:00:01+07:00")
    Browser(app).log_in("rina").get(DESK)

    assert len(readings(app)) == 3


@pytest.mark.parametrize(
    "path", ["pesan", "terbaru?sesudah=0", "sebelumnya?sebelum=99"]
)
def test_who_reads_the_messages_without_their_page_is_noted_too(app, served, path):
    rina = Browser(app).log_in("rina")

    rina.get(f"{MINE}/{path}", headers={"HX-Request": "true", "HX-PTag": "0.0"})

    assert len(readings(app)) == 1
