"""A furnished office with all its processes, to be broken and made whole again."""

import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from pst import create_app
from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.states import Category, Reason
from pst.database import db, transaction
from pst.outbox.models import OutboxMail
from pst.web.access import Role
from tests.built_once import SERVERS_HASHER
from tests.conftest import settings_for
from tests.faults.disk import Disk
from tests.faults.people import Answer, Clicker, path_of
from tests.people import PASSWORD
from tests.post_office import PostOffice
from tests.processes import Service, wait_until

MORNING = "2026-03-02 09:00+07:00"  # a Monday in service hours
USERS, RATED = 10, 60
DELIVER = "pst.outbox.jobs.deliver_due"


class Deployed(Service):
    """The processes as they are deployed."""

    def command(self, name: str) -> list[str]:
        return [sys.executable, "serve.py"] if name == "web" else super().command(name)


@dataclass
class House:
    """The running service, whom it serves, and what may happen to it."""

    service: Service
    post_office: PostOffice
    disk: Disk
    now: datetime = datetime.fromisoformat(MORNING)
    emails: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)  # of their open consultations
    rating_paths: list[str] = field(default_factory=list)  # each to be used once

    # Setting up, and making whole

    def furnish(self) -> None:
        """Ten users with an open consultation each, and many closed ones to rate."""
        app = self.app()
        with app.app_context():
            with transaction():
                self._furnish()
                # What is written to furnish a house is no one's mail.
                db.session.execute(sa.delete(OutboxMail))
            db.engine.dispose()

    def app(self) -> Flask:
        settings = settings_for(self.service.folder, clock_file=self.service.clock)
        return create_app(replace(settings, redis_url=None))

    def make_whole(self) -> None:
        """Start what does not run, free the disk, and make the mail server friendly."""
        self.disk.free()
        vars(self.post_office).update(
            rcpt="250 OK", data="250 taken", pause=0.0, hangs_up=None
        )
        for name in self.service.NAMES:
            process = self.service.running.get(name)
            if process is None or process.poll() is not None:
                self.service.start(name)
        # One that a storm started last may still be on its way.
        wait_until(self.service.web_answers, "the web server", 60)

    def settle(self) -> None:
        """Deliver what is owed, hour after hour: pauses, leases and caps run out."""
        self.make_whole()
        for _ in range(24):
            self.service.run_job(DELIVER)
            if not self.mails_owed():
                return
            self.move(minutes=61)
        raise AssertionError(f"{self.mails_owed()} mails are never sent")

    def move(self, **how: float) -> None:
        """Move the clock, by `hours=1` or `hours=-1`."""
        self.now += timedelta(**how)
        self.service.at(self.now.isoformat())

    # People

    def user(self, at: int = 0) -> Clicker:
        return Clicker(self.service).log_in(self.emails[at])

    def seat(self, name: str) -> Clicker:
        return Clicker(self.service).log_in(name)

    def service_says(self, path: str) -> Answer:
        return Clicker(self.service).get(path)

    def page(self, at: int = 0) -> str:
        return f"/konsultasi/{self.numbers[at]}"

    def rate(self, score: str = "1", comment: str = "Lama.") -> int:
        """Rate a closed consultation with the link of its mail; return the answer."""
        rater = Clicker(self.service)
        path = self.rating_paths.pop()
        rater.get(path)
        return rater.post(path, {"score": score, "comment": comment}).status

    # What is on the disk

    def query(self, sql: str, *values: object) -> list[Any]:
        """Read from the database as it lies on the disk."""
        file = f"file:{self.service.folder / 'pst.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(file, uri=True, timeout=20)) as connection:
            return connection.execute(sql, values).fetchall()

    def mails_owed(self) -> int:
        return self.query("SELECT count(*) FROM outbox_mail WHERE state = 'owed'")[0][0]

    def message_ids(self) -> set[str]:
        """Name every mail that was ever owed."""
        return {id for (id,) in self.query("SELECT message_id FROM outbox_mail")}

    def sent_ids(self) -> list[str]:
        """Name every mail that arrived, as often as it did."""
        return [mail["Message-ID"] for mail in list(self.post_office.mails)]

    def assert_sound(self) -> None:
        assert self.query("PRAGMA integrity_check") == [("ok",)]
        assert self.query("PRAGMA foreign_key_check") == []

    def _furnish(self) -> None:
        hashed = SERVERS_HASHER.hash(PASSWORD)
        budi = User.with_email("budi@contoh.test")
        assert budi is not None
        for n in range(USERS):
            email = f"pengguna{n}@contoh.test"
            user = User.register(email, f"Pengguna {n}", hashed, role=Role.USER)
            user.verify()
            consultation = Consultation.ask(
                user, Category.DATA, f"Perihal {n}", "Uraian"
            )
            db.session.flush()
            consultation.claim(budi)
            self.emails.append(email)
            self.numbers.append(consultation.number)
            for m in range(RATED // USERS):
                closed = Consultation.ask(user, Category.DATA, f"Hal {n}.{m}", "Uraian")
                db.session.flush()
                closed.claim(budi)
                closed.say(budi, "Jawaban.")
                closed.close(Reason.RESOLVED, by=budi)
                self.rating_paths.append(path_of(closed.rating_url))


def build(folder: Path, sockets: Path, office: PostOffice, disk: Disk) -> House:
    """Furnish the data in `folder` and start every process."""
    house = House(Deployed(folder, sockets, office.url), office, disk)
    disk.service = house.service
    house.service.at(MORNING)
    house.furnish()
    house.service.start()
    wait_until(house.service.web_answers, "the web server", 60)
    return house
