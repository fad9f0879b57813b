"""Measure the figures of a period with many consultations; print JSON.

bin/bench report [--consultations 40000] [--keep FOLDER]

With --keep the database stays in FOLDER, to look at its reports.
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_migrate import upgrade

from bench.common import report
from pst import config, create_app, options
from pst.accounts.models import User
from pst.consultations.messages import Event, Kind, Message
from pst.consultations.models import Category, Consultation, Reason, State
from pst.database import db, transaction
from pst.feedback.follow_ups import FollowUp
from pst.feedback.models import Need, Rating, Via
from pst.feedback.progress import Cause, Progress
from pst.feedback.survey_answers import SurveyAnswer
from pst.office import settings, workdays
from pst.reports.figures import Figures
from pst.reports.periods import Period

OFFICE = Path(__file__).parent.parent / "pst" / "data" / "office_banjarnegara.json"
COMMENTS = (
    "Cepat dan jelas, terima kasih.",
    "Petugas ramah dan membantu.",
    "Jawabannya terlalu lama, padahal saya perlu segera.",
    "Data yang saya cari belum tersedia sampai tingkat desa.",
    "Aplikasinya mudah dipakai dari telepon.",
    "Penjelasan konsepnya kurang rinci, mohon ditambah contoh.",
    "Tautan publikasi yang diberikan tidak bisa dibuka.",
    "Sangat membantu skripsi saya.",
)


class Seeder:
    """Makes consultations of a period, and of the one before, straight as rows."""

    def __init__(self, period: Period, count: int, seed: int = 1) -> None:
        self.random = random.Random(seed)
        self.period, self.count = period, count
        self.calendar = workdays.calendar()
        self.begin, self.end = period.bounds(settings.current().zone)
        self.consultations: list[dict[str, Any]] = []
        self.messages: list[dict[str, Any]] = []
        self.ratings: list[dict[str, Any]] = []
        self.answers: list[dict[str, Any]] = []
        self.follow_ups: list[dict[str, Any]] = []
        self.surveyed: set[tuple[int, int]] = set()
        self.due: dict[date, datetime] = {}

    def write(self) -> None:
        users = list(self._users())
        for model, rows in (
            (User, users),
            *self._rows([user["id"] for user in users]),
        ):
            for start in range(0, len(rows), 5000):
                db.session.execute(sa.insert(model), rows[start : start + 5000])

    def _users(self) -> Iterator[dict[str, Any]]:
        first = (db.session.scalar(sa.select(sa.func.max(User.id))) or 0) + 1
        kinds = [code for code, _ in options.choices("institution_kinds")]
        jobs = [code for code, _ in options.choices("occupations")]
        for n in range(max(self.count // 8, 20)):
            yield {
                "id": first + n,
                "email": f"u{first + n}@contoh.test",
                "name": f"Warga Nomor{n}",
                "password_hash": "-",
                "role": "user",
                "institution_kind": kinds[min(int(self.random.expovariate(0.4)), 11)],
                "institution": "Lembaga",
                "occupation": jobs[min(int(self.random.expovariate(0.5)), 7)],
                "active": True,
                "created_at": self.begin - timedelta(days=90),
                "verified_at": self.begin - timedelta(days=90),
            }

    def _rows(self, users: list[int]) -> list[tuple[Any, list[dict[str, Any]]]]:
        length = self.end - self.begin
        first = (db.session.scalar(sa.select(sa.func.max(Consultation.id))) or 0) + 1
        # Some of it lies in the period before, for the comparison.
        moments = sorted(
            self.begin + self._moment(length) - (length if n % 10 == 9 else timedelta())
            for n in range(self.count)
        )
        for n, at in enumerate(moments):
            self._ask(first + n, at, self.random.choice(users))
        return [
            (Consultation, self.consultations),
            (Message, self.messages),
            (Rating, self.ratings),
            (SurveyAnswer, self.answers),
            (FollowUp, self.follow_ups),
        ]

    def _moment(self, length: timedelta) -> timedelta:
        """Pick a moment, most often in the office's hours (UTC is 7 hours behind)."""
        day = timedelta(days=self.random.randrange(max(length.days, 1)))
        hour = self.random.gauss(10.5, 3.5) % 24
        return day + timedelta(hours=hour)

    def _ask(self, id: int, asked: datetime, user: int) -> None:
        roll = self.random.random()
        wait = timedelta(minutes=self.random.expovariate(1 / 90))
        work = timedelta(minutes=self.random.expovariate(1 / 240))
        claimed, answered = asked + wait, asked + wait + work
        last = answered + timedelta(minutes=self.random.expovariate(1 / 600))
        closed = last + timedelta(hours=self.random.uniform(1, 72))
        due = self._due(asked)
        row: dict[str, Any] = {
            "id": id,
            "number": f"KS-{asked.year}-{id:06d}",
            "year": asked.year,
            "sequence": id,
            "category": self.random.choices(list(Category), (60, 20, 8, 12))[0],
            "subject": "Jumlah penduduk menurut kecamatan dan umur",
            "description": "Saya memerlukan tabel ini untuk tugas. " * 8,
            "details": {},
            "state": State.CLOSED,
            "reason": Reason.RESOLVED,
            "user_id": user,
            "asked_at": asked,
            "claimed_at": claimed,
            "clear_at": asked,
            "due_at": due,
            "answered_at": answered,
            "answered_due_at": due,
            "final_answer_at": last,
            "final_due_at": due,
            "closed_at": closed,
            "reopened_at": None,
            "newest_id": 0,
            "newest_shown_id": 0,
            "reads": 0,
        }
        if row["category"] is Category.DATA:
            purposes = [code for code, _ in options.choices("purposes")]
            row["details"] = {"purpose": self.random.choice(purposes)}
        self._happen(id, Event.ASKED, asked)
        self._happen(id, Event.CLAIMED, claimed)
        if roll < 0.03:
            row |= {"state": State.QUEUED, "claimed_at": None}
            row |= dict.fromkeys(("reason", "answered_at", "answered_due_at"))
            row |= dict.fromkeys(("final_answer_at", "final_due_at", "closed_at"))
        elif roll < 0.05:
            row |= {
                "reason": Reason.WITHDRAWN,
                "claimed_at": None,
                "closed_at": claimed,
            }
            row |= dict.fromkeys(("answered_at", "answered_due_at"))
            row |= dict.fromkeys(("final_answer_at", "final_due_at"))
        elif roll < 0.12:
            # Made clear anew, after the first answer.
            again = answered + timedelta(hours=30)
            row |= {
                "clear_at": again,
                "due_at": self._due(again),
                "state": State.ACTIVE,
            }
            row |= dict.fromkeys(("reason", "final_answer_at", "final_due_at"))
            row["closed_at"] = None
            self._happen(id, Event.CLEARED, again)
        elif roll < 0.2:
            row["reason"] = Reason.NO_RESPONSE
        self.consultations.append(row)
        if row["reason"] in (Reason.RESOLVED, Reason.NO_RESPONSE) and roll > 0.55:
            self._rate(id, user, closed + timedelta(hours=self.random.uniform(0, 40)))

    def _due(self, clear_at: datetime) -> datetime:
        day = clear_at.astimezone(self.calendar.zone).date()
        if day not in self.due:
            self.due[day] = self.calendar.due_at(clear_at, 3)
        return self.due[day]

    def _happen(self, id: int, event: Event, at: datetime) -> None:
        self.messages.append(
            {
                "consultation_id": id,
                "kind": Kind.EVENT,
                "body": "",
                "event": event,
                "data": {},
                "created_at": at,
                "is_final": False,
                "is_flagged": False,
            }
        )

    def _rate(self, id: int, user: int, at: datetime) -> None:
        score = self.random.choices((1, 2, 3, 4, 5), (2, 4, 12, 40, 42))[0]
        rating = len(self.ratings) + 1
        has_comment = self.random.random() < 0.3
        self.ratings.append(
            {
                "id": rating,
                "consultation_id": id,
                "score": score,
                "comment": self.random.choice(COMMENTS) if has_comment else "",
                "need": self.random.choice(list(Need)),
                "via": self.random.choice(list(Via)),
                "rated_at": at,
                "suspected": [],
                "to_review": False,
            }
        )
        if score <= 2:
            self._follow_up(rating, at)
        if (user, at.year) not in self.surveyed:
            self.surveyed.add((user, at.year))
            self._survey(id, user, at, score)

    def _survey(self, id: int, user: int, at: datetime, score: int) -> None:
        answered = {
            f"u{n}": min(4, max(1, score - self.random.randrange(3)))
            for n in range(1, 10)
        }
        self.answers.append(
            {
                "user_id": user,
                "consultation_id": id,
                "period": str(at.year),
                "version": "14/2017-1",
                "answered_at": at,
                **answered,
            }
        )

    def _follow_up(self, rating: int, at: datetime) -> None:
        sent = at + timedelta(hours=self.random.uniform(1, 120))
        closed = self.random.random() < 0.7
        self.follow_ups.append(
            {
                "number": f"TL-{at.year}-{rating:06d}",
                "year": at.year,
                "sequence": rating,
                "rating_id": rating,
                "cause": Cause.LOW_RATING,
                "progress": Progress.CLOSED if closed else Progress.SENT,
                "opened_at": at,
                "due_at": self._due(at),
                "first_due_at": self._due(at),
                "first_sent_at": sent,
                "sent_at": sent,
                "draft": "",
                "resolution": "Publikasi dikirim, pengguna puas." if closed else "",
                "closed_at": sent + timedelta(days=1) if closed else None,
            }
        )


def build(folder: Path, period: Period, count: int) -> Any:
    """Make an application whose database holds `count` consultations."""
    env = {"PST_DATA_DIR": str(folder), "PST_TESTING": "1"}
    app = create_app(config.load(env))
    with app.app_context():
        upgrade()
        with transaction():
            settings.change(json.loads(OFFICE.read_text()))
            for year in range(period.before.first.year, period.last.year + 2):
                workdays.seed(year)
        with transaction():
            Seeder(period, count).write()
        db.session.execute(sa.text("ANALYZE"))
        db.session.commit()
    return app


def measure(app: Any, period: Period, runs: int) -> dict[str, Any]:
    """Time the whole set of figures, each in a fresh context as a request has it."""
    times, cpu = [], []
    figures: dict[str, Any] = {}
    for _ in range(runs):
        with app.app_context():
            begin, used = time.perf_counter(), time.process_time()
            figures = Figures(period).frozen()
            times.append(time.perf_counter() - begin)
            cpu.append(time.process_time() - used)
    return {
        "consultations": figures["volume"]["total"],
        "before": figures["before"]["volume"]["total"],
        "ratings": figures["ratings"]["count"],
        "median_s": round(statistics.median(times), 3),
        "median_cpu_s": round(statistics.median(cpu), 3),
        "best_s": round(min(times), 3),
        "worst_s": round(max(times), 3),
        "bytes_frozen": len(json.dumps(figures)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--consultations", type=int, default=40_000)
    parser.add_argument("--period", default=f"{datetime.now(UTC).year - 1}")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    period = Period.parse(given.period)
    # A tenth of what is seeded lies in the period before.
    count = -(-given.consultations * 10 // 9)
    with tempfile.TemporaryDirectory() as temporary:
        app = build(given.keep or Path(temporary), period, count)
        report(figures_of_a_period=measure(app, period, given.runs))


if __name__ == "__main__":
    main()
