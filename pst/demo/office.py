"""An invented busy office, for trying the desk: many people, years of consultations.

Rows are written in bulk, without the methods that would also write mails and the audit
trail.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from pst import clock
from pst.accounts.passwords import UNUSABLE
from pst.accounts.users import User
from pst.consultations.messages import Event, Kind, Message
from pst.consultations.models import Consultation
from pst.consultations.service_level import deadlines
from pst.consultations.service_level.turns import End, Turn
from pst.consultations.states import Category, Channel, Reason, State
from pst.database import db, engine
from pst.office import settings
from pst.web.access import Role

OFFICERS = (
    "Agus Setiawan",
    "Lina Marlina",
    "Joko Susilo",
    "Ratna Dewi",
    "Eko Prasetyo",
)
CHUNK = 5_000
TOPICS = (
    "Jumlah penduduk",
    "Luas panen padi",
    "Tingkat kemiskinan",
    "Indeks pembangunan manusia",
    "Kode KBLI usaha",
    "Definisi pengangguran terbuka",
    "Rancangan survei kepuasan",
    "Inflasi bulanan",
    "Jumlah sekolah dan murid",
    "Produksi salak",
)
PLACES = (
    "Wanadadi",
    "Banjarnegara",
    "Purworejo Klampok",
    "Susukan",
    "Mandiraja",
    "Rakit",
    "Punggelan",
    "Karangkobar",
    "Batur",
    "Sigaluh",
    "Kalibening",
)


@dataclass
class BusyOffice:
    """As many open and closed consultations as named; the same for the same seed."""

    opened: int
    closed: int
    officer_count: int = len(OFFICERS)
    user_count: int = 400
    answer_count: int = 1  # in each conversation; between two of them the user writes
    chance: random.Random = field(default_factory=lambda: random.Random(2026))

    def make(self) -> None:
        """Write all rows; the caller commits."""
        officers = OFFICERS[: self.officer_count]
        self.officers = self._people(officers, Role.OFFICER, "petugas")
        names = [f"Pengguna {number}" for number in range(1, self.user_count + 1)]
        self.users = self._people(names, Role.USER, "pengguna")
        self.next_message = self._highest(Message.id)
        self.next_id = self._highest(Consultation.id)
        now = clock.now()
        ages = [self.chance.uniform(7, 730) for _ in range(self.closed)]
        ages += [self.chance.uniform(0.01, 6) for _ in range(self.opened)]
        moments = sorted(now - timedelta(days=age) for age in ages)
        for start in range(0, len(moments), CHUNK):
            self._write(
                moments[start : start + CHUNK], is_open_from=self.closed - start
            )

    def _people(self, names: Any, role: Role, word: str) -> list[int]:
        ids = []
        for number, name in enumerate(names, start=1):
            email = f"{word}{number}@sibuk.test"
            person = User.with_email(email)
            if person is None:
                person = User.register(email, name, UNUSABLE, role=role)
                person.verify()
            ids.append(person.id)
        return ids

    def _highest(self, column: Any) -> int:
        return db.session.scalar(sa.select(sa.func.max(column))) or 0

    def _write(self, moments: list[datetime], is_open_from: int) -> None:
        consultations: list[dict[str, Any]] = []
        messages: list[dict[str, Any]] = []
        turns: list[dict[str, Any]] = []
        for place, asked_at in enumerate(moments):
            row = self._consultation(asked_at, is_open=place >= is_open_from)
            for message in self._messages(row):
                self.next_message += 1
                messages.append({**message, "id": self.next_message})
            row["newest_id"] = row["newest_shown_id"] = self.next_message
            turns.append(self._turn(row))
            consultations.append(row)
        db.session.execute(sa.insert(Consultation), consultations)
        db.session.execute(sa.insert(Turn), turns)
        db.session.execute(sa.insert(Message), messages)
        for model in (Consultation, Turn, Message):
            engine().number_after(model.__table__)

    def _consultation(self, asked_at: datetime, is_open: bool) -> dict[str, Any]:
        year = asked_at.astimezone(settings.current().zone).year
        sequence = self._next_sequence(year)
        state = self._state() if is_open else State.CLOSED
        answered_at = asked_at + timedelta(hours=self.chance.uniform(0.2, 60))
        self.next_id += 1
        row = self._empty_row() | self._question(year)
        row |= {
            "id": self.next_id,
            "number": f"KS-{year}-{sequence:06d}",
            "year": year,
            "sequence": sequence,
            "user_id": self.chance.choice(self.users),
            "asked_at": asked_at,
            "turn_number": 1,
            "state": state,
        }
        return row | self._progress(row, answered_at)

    def _state(self) -> State:
        states = (State.QUEUED, State.ACTIVE, State.WAITING_USER)
        return self.chance.choices(states, (1, 4, 5))[0]

    def _question(self, year: int) -> dict[str, Any]:
        topic, area = self.chance.choice(TOPICS), self.chance.choice(PLACES)
        return {
            "subject": f"{topic} {area} {year}",
            "category": self.chance.choice(list(Category)),
            "description": "Saya memerlukan angka ini untuk tugas akhir.",
        }

    def _progress(self, row: dict[str, Any], answered_at: datetime) -> dict[str, Any]:
        """Return the columns that follow from the state of the consultation `row`."""
        state, columns = row["state"], dict[str, Any]()
        if state is not State.QUEUED:
            columns["officer_id"] = self.chance.choice(self.officers)
            columns["claimed_at"] = row["asked_at"] + timedelta(minutes=10)
        if state in (State.WAITING_USER, State.CLOSED):
            columns["answered_at"] = answered_at
        if state is State.WAITING_USER:
            hours = self.chance.uniform(0, 40)
            columns["waiting_since"] = clock.now() - timedelta(hours=hours)
        if state is State.CLOSED:
            reasons = (Reason.RESOLVED, Reason.NO_RESPONSE)
            columns["reason"] = self.chance.choices(reasons, (9, 1))[0]
            columns["closed_at"] = answered_at + timedelta(hours=12)
        return columns

    def _turn(self, row: dict[str, Any]) -> dict[str, Any]:
        """Take the answer out of the row of a consultation, and return it as a turn."""
        answered_at = row.pop("answered_at", None)
        end = End.ASKED if row["state"] is State.WAITING_USER else End.ANSWERED
        return {
            "consultation_id": row["id"],
            "number": 1,
            "began_at": row["asked_at"],
            "clear_at": row["asked_at"],
            "due_at": deadlines.due_at(row["asked_at"]),
            "ended_at": answered_at,
            "end": end if answered_at else None,
            "officer_id": row["officer_id"] if answered_at else None,
        }

    def _empty_row(self) -> dict[str, Any]:
        """Return the value of every column in a new row."""
        columns = Consultation.__table__.columns
        return {column.name: None for column in columns if column.nullable} | {
            "channel": Channel.ONLINE,
            "details": {},
            "reads": 0,
        }

    def _next_sequence(self, year: int) -> int:
        by_year = self.__dict__.setdefault("sequences", {})
        if year not in by_year:
            highest = sa.select(sa.func.max(Consultation.sequence))
            by_year[year] = db.session.scalar(highest.where(Consultation.year == year))
        by_year[year] = (by_year[year] or 0) + 1
        return by_year[year]

    def _messages(self, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
        base = {
            "consultation_id": row["id"],
            "kind": Kind.EVENT,
            "author_id": row["user_id"],
            "body": "",
            "event": None,
            "data": {},
            "key": None,
            "created_at": row["asked_at"],
            "is_final": False,
            "is_flagged": False,
        }
        yield {**base, "event": Event.ASKED}
        if row.get("answered_at"):
            message = {"kind": Kind.MESSAGE, "created_at": row["answered_at"]}
            message["body"] = f"Berikut {row['subject']}. Silakan dilihat pada tabel."
            for place in range(2 * self.answer_count - 1):
                author = row["user_id" if place % 2 else "officer_id"]
                yield {**base, **message, "author_id": author}
        if row["closed_at"]:
            event = Event(row["reason"].value)
            yield {**base, "event": event, "created_at": row["closed_at"]}
