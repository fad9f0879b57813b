"""What monitors and the IT person learn when something is not well."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from pst import clock
from pst.accounts.users import User
from pst.admin import job_runs
from pst.admin.health import looks as health
from pst.admin.health import mail_looks
from pst.admin.health import views as health_views
from pst.admin.health.integrity import Unsound
from pst.admin.jobs import tend_database
from pst.consultations.models import Consultation
from pst.database import db, file_of, transaction
from pst.knowledge.article.revisions import Content, Topic
from pst.knowledge.models import ARTICLE, Article
from pst.office.days_off import DayOff
from pst.outbox.models import OutboxMail
from pst.search import engine
from pst.search.storage import store
from tests.journeys.conftest import Browser
from tests.postgresql import of_sqlite

At = Callable[[str], None]


def level_of(name: str) -> str:
    (check,) = [check for check in health.checks() if check.name == name]
    db.session.rollback()  # like a request, hold no lock when that is done
    return check.level


def test_a_sound_system_is_well_but_for_what_a_test_has_not(context: None, at: At):
    ill = {check.name for check in health.checks() if not check.is_well}

    duties = {"backup", "backup_verified", "backup_tidied"}
    assert ill <= {"redis", "worker", "scheduler", "mail", *duties}


def test_what_is_bad_is_503_and_what_is_not_quite_well_is_200(
    app: Flask, at: At, monkeypatch: pytest.MonkeyPatch
):
    for name in health.LOOKS:
        monkeypatch.setitem(health.LOOKS, name, lambda: (health.Level.GOOD, None))
    for level, status in (("good", 200), ("warn", 200), ("bad", 503)):
        found = (health.Level(level), None)
        monkeypatch.setitem(health.LOOKS, "backup", lambda found=found: found)
        monkeypatch.setattr(health_views, "_last", (0.0, []))

        answer = Browser(app).get("/sehat")

        assert (answer.status_code, answer.json["status"]) == (status, level)


def test_strangers_see_the_verdict_only(app: Flask, at: At):
    outside = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
    proxied = {"headers": {"X-Forwarded-For": "127.0.0.1"}}

    for way in (outside, proxied):
        assert Browser(app).get("/sehat", **way).json == {"status": "bad"}
        for name in ("siti", "budi"):
            browser = Browser(app).log_in(name)
            assert browser.get("/sehat", **way).json == {"status": "bad"}
    andi = Browser(app).log_in("andi").get("/sehat", **outside)
    assert andi.json["checks"]["redis"] == "warn"
    assert Browser(app).get("/sehat").json["checks"]["database"] == "good"
    socket = {"environ_base": {"REMOTE_ADDR": ""}}
    assert Browser(app).get("/sehat", **socket).json["checks"]["database"] == "good"


def test_people_are_served_without_redis_and_monitors_hear_of_it(app: Flask, at: At):
    assert Browser(app).get("/sehat").status_code == 503
    assert Browser(app).get("/").status_code == 200


def test_a_full_disk_is_an_alarm(app: Flask, at: At, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(health, "NO_DISK", 10**18)

    assert Browser(app).get("/sehat").status_code == 503


@of_sqlite
@pytest.mark.skipif(os.geteuid() == 0, reason="root may write what is read-only")
def test_a_read_only_database_is_an_alarm(app: Flask, at: At):
    file_of(app.config["PST"].database_url).chmod(0o444)

    assert Browser(app).get("/sehat").status_code == 503


def test_what_breaks_a_look_is_itself_bad(
    context: None, at: At, monkeypatch: pytest.MonkeyPatch
):
    def broken() -> None:
        raise RuntimeError

    monkeypatch.setitem(health.LOOKS, "disk", broken)

    assert level_of("disk") == "bad"


def test_the_next_years_calendar_is_missed_from_october(context: None, at: At):
    with transaction():
        db.session.execute(sa.delete(DayOff).where(DayOff.on >= date(2027, 1, 1)))

    at("2026-09-30 09:00+07:00")
    assert level_of("calendar") == "good"

    at("2026-10-01 09:00+07:00")
    assert level_of("calendar") == "warn"


@pytest.mark.parametrize(
    ("moment", "level"),
    [
        ("2026-03-02 10:00+07:00", "good"),
        ("2026-03-02 10:01+07:00", "warn"),
        ("2026-03-03 09:01+07:00", "bad"),
    ],
)
def test_a_mail_that_waits_too_long_is_told_of(
    moment: str, level: str, siti: User, at: At, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(mail_looks, "has_server", lambda: True)
    with transaction():
        OutboxMail.put("password_changed", to=siti.mailbox, cause="1")

    at(moment)

    assert level_of("owed_mails") == level


def test_a_job_that_failed_is_shown_until_it_succeeds(app: Flask, at: At):
    andi = Browser(app).log_in("andi")
    with app.app_context():
        job_runs.note("tend_database", clock.now(), "Unsound: row 7 is missing")
    assert "row 7 is missing" in andi.get("/admin/sistem").text

    at("2026-03-03 09:00+07:00")
    with app.app_context():
        job_runs.note("tend_database", clock.now(), None)
    assert "row 7 is missing" not in andi.get("/admin/sistem").text


@of_sqlite
def test_the_nightly_look_finds_what_lost_its_parent(
    app: Flask, consultation: Consultation
):
    tend_database()

    with closing(sqlite3.connect(file_of(app.config["PST"].database_url))) as file:
        file.execute("DELETE FROM consultation")  # with no regard for foreign keys
        file.commit()
    with pytest.raises(Unsound, match="without their parent"):
        tend_database()


def test_figures_are_for_this_machine_only(app: Flask, at: At):
    browser = Browser(app)

    assert 'pst_check{name="database"} 0' in browser.get("/metrics").text
    outside = {"REMOTE_ADDR": "192.0.2.7"}
    assert browser.get("/metrics", environ_base=outside).status_code == 404
    proxied = {"X-Forwarded-For": "192.0.2.7"}
    assert browser.get("/metrics", headers=proxied).status_code == 404


@contextmanager
def writing_the_index() -> Iterator[sa.Connection]:
    """Connect to the index: in the database, or in the file of this node."""
    if store.has_own_file():
        writing = store._file().engine.execution_options(pst_writes=True)
        with writing.begin() as connection:
            yield connection
        return
    with transaction():
        yield db.session.connection()


def test_a_damaged_search_index_is_found_at_night(context: None, at: At):
    with transaction():
        article = Article.draft(
            Content("Berapa luas waduk?", "Luas.", Topic.DATA), None
        )
        article.publish(None)
        id = article.id
    tend_database()

    with writing_the_index() as connection:
        engine.remove(connection, ARTICLE, id)

    with pytest.raises(Unsound, match=rf"the search index: .*missing=\({id},\)"):
        tend_database()
