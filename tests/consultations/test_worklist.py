"""The one list to work from: its sections, its order, and what it costs."""

import gzip
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from pst.accounts.users import User
from pst.consultations.desk.worklist.sections import Filters, Section
from pst.consultations.desk.worklist.worklist import Worklist
from pst.consultations.models import Consultation
from pst.consultations.states import Category, Reason
from pst.database import db, transaction
from pst.demo.office import BusyOffice
from tests.conftest import fuller

KB = 1024
# One of the 25 asks how far the user has read: each message says "dibaca".
MAX_QUERIES, MAX_QUERIES_OF_ONE = 13, 25


def ask(user: User, subject: str) -> Consultation:
    return Consultation.ask(user, Category.DATA, subject, "Uraian.")


def subjects(worklist: Worklist, section: Section) -> list[str]:
    return [row.subject for row in worklist.rows(section)]


@pytest.fixture
def four(at, siti, budi, rina) -> None:
    """One in the queue, one for Budi, one that waits for Siti, one of Rina's."""
    for subject, officer in (
        *(("antri", None), ("milik Budi", budi)),
        *(("Budi menunggu", budi), ("milik Rina", rina)),
    ):
        answer = ask(siti, subject)
        if officer:
            answer.claim(officer)
        if subject == "Budi menunggu":
            answer.say(budi, "Tahun berapa?")
    db.session.commit()


def test_each_consultation_stands_in_one_section(four, budi):
    list_ = Worklist(budi)

    assert subjects(list_, Section.QUEUE) == ["antri"]
    assert subjects(list_, Section.TO_ANSWER) == ["milik Budi"]
    assert subjects(list_, Section.WAITING) == ["Budi menunggu"]
    assert subjects(list_, Section.OTHERS) == ["milik Rina"]
    assert list_.urgent == 2


def test_what_is_late_stands_first(four, budi, at):
    at("2026-03-05 15:30+07:00")
    assert Section.OVERDUE not in Worklist(budi).sections

    at("2026-03-05 15:30:01+07:00")
    list_ = Worklist(budi)

    assert list_.sections[0] is Section.OVERDUE
    assert subjects(list_, Section.OVERDUE) == ["antri", "milik Budi"]
    assert subjects(list_, Section.QUEUE) == []
    assert sum(list_.count(section) for section in Section) == 4


def test_the_head_sees_what_any_officer_has(four, hasan):
    list_ = Worklist(hasan)

    assert subjects(list_, Section.TO_ANSWER) == ["milik Budi", "milik Rina"]
    assert list_.count(Section.OTHERS) == 0


def test_another_officers_list_is_seen_as_theirs(four, budi, rina):
    list_ = Worklist(budi, Filters(officer_id=rina.id))

    assert subjects(list_, Section.TO_ANSWER) == ["milik Rina"]


def test_closed_ones_are_shown_when_asked_for(four, budi):
    mine = db.session.query(Consultation).filter_by(subject="milik Budi").one()
    mine.close(Reason.RESOLVED, budi)
    list_ = Worklist(budi, Filters(section=Section.CLOSED))

    assert subjects(list_, Section.CLOSED) == ["milik Budi"]
    assert Section.CLOSED not in Worklist(budi).sections


def test_the_mark_changes_when_anything_does(four, budi, siti):
    before = Worklist(budi).version
    assert Worklist(budi).version == before

    waiting = db.session.query(Consultation).filter_by(subject="Budi menunggu").one()
    waiting.say(siti, "Tahun 2025.")

    assert Worklist(budi).version != before


def make_busy(app: Flask) -> None:
    with app.app_context(), transaction():
        BusyOffice(opened=2_000, closed=3_000).make()


@pytest.fixture(scope="module")
def busy_data(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A busy office, made once."""
    folder = tmp_path_factory.mktemp("busy")
    fuller(built, folder, make_busy)
    return folder


@pytest.fixture
def starting_data(request: pytest.FixtureRequest, starting_data: Path) -> Path:
    is_busy = "busy" in request.fixturenames
    folder: Path = request.getfixturevalue("busy_data") if is_busy else starting_data
    return folder


@pytest.fixture
def busy(app, at) -> None:
    """An office at work, on its first morning."""


ADDRESSES = (
    "/petugas",
    "/petugas?keadaan=petugas-lain",
    "/petugas?keadaan=selesai&jenis=data",
    "/petugas?keadaan=belum-dijelaskan",
    "/petugas?petugas=7",
    "/petugas?petugas=x&jenis=x&keadaan=x&dari=x&sampai=0001-01-01&hal=-4",
    "/petugas/tindak-lanjut/mendesak",
    "/petugas/pencarian?q=padi",
    "/petugas/jadwal",
    "/petugas/templat",
    "/petugas/catat",
)


def test_a_busy_desk_stays_small(app, busy, subtests):
    # Imported by path, not as a fixture: the fixtures of this folder hold a context.
    from tests.journeys.conftest import Browser

    budi = Browser(app).log_in("budi")
    with app.app_context():
        engine = db.engine
    asked: list[str] = []
    sa.event.listen(
        engine, "before_cursor_execute", lambda *a: asked.append(a[2]), named=False
    )
    others = budi.get("/petugas?keadaan=petugas-lain").text
    conversation = re.findall(r'href="(/petugas/konsultasi/[^"]+)"', others)[0]

    for address in (*ADDRESSES, conversation):
        most = MAX_QUERIES_OF_ONE if address == conversation else MAX_QUERIES
        with subtests.test(address):
            asked.clear()
            answer = budi.get(address)

            assert answer.status_code == 200
            assert len(asked) <= most, "\n".join(asked)
            assert len(gzip.compress(answer.data)) <= 8 * KB


def test_an_idle_work_list_asks_little(app, busy):
    from tests.journeys.conftest import Browser

    budi = Browser(app).log_in("budi")
    first = budi.get("/petugas/daftar-kerja", headers={"HX-Request": "true"})
    mark = {"HX-Request": "true", "HX-PTag": first.headers["HX-PTag"]}

    answer = budi.get("/petugas/daftar-kerja", headers=mark)

    assert answer.status_code == 304
    assert answer.data == b""


def test_of_what_is_due_at_the_same_time_the_oldest_stands_first(at, siti, budi, rina):
    at("2026-03-02 09:00+07:00")
    first = ask(siti, "pertama")
    at("2026-03-02 10:00+07:00")
    second = ask(siti, "kedua")
    third = ask(siti, "ketiga")
    for each in (second, first, third):
        each.claim(budi)
    db.session.commit()
    in_order = ["pertama", "kedua", "ketiga"]

    assert first.due_at == third.due_at
    assert subjects(Worklist(budi), Section.TO_ANSWER) == in_order
    assert subjects(Worklist(rina), Section.OTHERS) == in_order
    at("2026-03-05 15:30:01+07:00")
    assert subjects(Worklist(budi), Section.OVERDUE) == in_order
    for each in (third, second, first):
        each.close(Reason.RESOLVED, budi)
    worklist = Worklist(budi, Filters(section=Section.CLOSED))
    assert subjects(worklist, Section.CLOSED) == ["ketiga", "kedua", "pertama"]


def test_who_filters_by_an_officer_sees_nothing_of_others(four, budi, rina, at):
    list_ = Worklist(budi, Filters(officer_id=rina.id))
    assert list_.sections == [Section.TO_ANSWER]
    assert list_.urgent == 1
    queue = Worklist(budi, Filters(officer_id=rina.id, section=Section.QUEUE))
    assert subjects(queue, Section.QUEUE) == []

    at("2026-03-05 15:30:01+07:00")
    late = Worklist(budi, Filters(officer_id=rina.id))
    assert subjects(late, Section.OVERDUE) == ["milik Rina"]
    assert late.sections == [Section.OVERDUE]
