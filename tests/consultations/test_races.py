"""Races for real: several web processes, a job, and people who press at once."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pst import create_app
from pst.consultations.messages import Kind
from pst.consultations.models import Consultation
from pst.consultations.states import Category, State
from pst.database import db, transaction
from pst.demo.people import PASSWORD, Person, register
from pst.web.access import Role
from tests.built_once import SERVERS_HASHER
from tests.conftest import settings_for
from tests.forking import QuickService
from tests.processes import Service
from tests.wire import Wire

OFFICERS = [f"petugas{number}" for number in range(8)]
DESK = "/petugas/konsultasi/KS-2026-000001"


class SeveralProcesses(QuickService):
    """The service with two web processes."""

    web_workers = 2


@pytest.fixture
def race(built: Path, tmp_path: Path, tmp_path_factory) -> Iterator[Service]:
    """The web server with two processes, eight officers, and Siti's request."""
    folder = tmp_path / "data"
    shutil.copytree(built, folder)
    service = SeveralProcesses(folder, tmp_path_factory.mktemp("s"))
    service.at("2026-03-02 09:00+07:00")
    app = create_app(settings_for(folder))
    with app.app_context():
        hashed = SERVERS_HASHER.hash(PASSWORD)
        with transaction():
            for name in OFFICERS:
                person = Person(name, f"{name}@contoh.test", Role.OFFICER)
                register(person, hashed)
        db.engine.dispose()
    try:
        service.start("redis", "web")
        yield service
    finally:
        service.stop()


def ask(service: Service) -> Wire:
    siti = Wire(service.port).log_in("siti")
    fields = {"subject": "Penduduk", "description": "Menurut umur.", "area": "Rakit"}
    fields |= {"years": "2025", "csrf_token": siti.token()}
    assert siti.ask(f"/konsultasi/baru?jenis={Category.DATA}", fields).status == 303
    return siti


def at_once(*deeds: Callable[[], int]) -> list[int]:
    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(future.result() for future in [pool.submit(d) for d in deeds])


def press(wire: Wire, path: str, **fields: str) -> Callable[[], int]:
    """Make ready to send a form; only the sending is left for the race."""
    form = {"csrf_token": wire.token(), **fields}
    return lambda: wire.ask(path, form).status


def test_of_eight_officers_one_claims(race: Service):
    ask(race)
    wires = [Wire(race.port).log_in(name) for name in OFFICERS]

    answers = at_once(*(press(wire, f"{DESK}/pengambilan") for wire in wires))

    assert answers == [303] + [409] * 7


def test_of_two_who_close_one_does(race: Service):
    siti, budi = ask(race), Wire(race.port).log_in("budi")
    assert press(budi, f"{DESK}/pengambilan")() == 303
    assert press(budi, f"{DESK}/pesan", body="Ini tabelnya.")() == 303

    answers = at_once(
        press(budi, f"{DESK}/penutupan"),
        press(siti, "/konsultasi/KS-2026-000001/penutupan"),
    )

    assert answers == [303, 409]


def test_a_reply_that_meets_the_closing_job_is_kept_and_opens(race: Service):
    siti, budi = ask(race), Wire(race.port).log_in("budi")
    press(budi, f"{DESK}/pengambilan")()
    press(budi, f"{DESK}/pesan", body="Tahun berapa?")()
    race.at("2026-03-05 09:01+07:00")
    reply = press(siti, "/konsultasi/KS-2026-000001/pesan", body="Tahun 2025.")

    def close() -> int:
        race.flask("jobs", "run", "close_silent")
        return 0

    assert at_once(close, reply) == [0, 303]

    with create_app(settings_for(race.folder)).app_context():
        consultation = db.session.query(Consultation).one()
        said = [m.body for m in consultation.messages if m.kind is Kind.MESSAGE]
        assert consultation.state is State.ACTIVE
        assert said == ["Tahun berapa?", "Tahun 2025."]
        db.engine.dispose()
