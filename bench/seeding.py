"""A period of a service made up as rows, past the verbs: the same for the same seed.

Every figure of a report has something to count in it.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from pst import reference_lists
from pst.accounts.users import User
from pst.consultations.messages import Event, Kind, Message
from pst.consultations.models import Consultation
from pst.consultations.service_level.clarity import Clarity, ClearedBy
from pst.consultations.service_level.turns import End, Turn
from pst.consultations.states import Category, Channel, LateReason, Reason, State
from pst.database import db
from pst.feedback.follow_ups.models import FollowUp
from pst.feedback.follow_ups.progress import Cause, Progress
from pst.feedback.models import Need, Rating, Via
from pst.feedback.survey_answers import SurveyAnswer
from pst.knowledge.article.content import AnswerKind, Topic
from pst.knowledge.article.revisions import Revision
from pst.knowledge.article.states import ArticleState
from pst.knowledge.models import Article
from pst.knowledge.searches.search_log import (
    ArticleVote,
    SearchLog,
    SearchPlace,
    meaning_of,
)
from pst.office import days_off, settings
from pst.reports.figures.themes import CommentTheme, suggested
from pst.reports.periods import Period

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
SUBJECTS = (
    "Jumlah penduduk menurut kecamatan dan umur",
    "Luas panen padi menurut kecamatan",
    "Garis kemiskinan dan jumlah penduduk miskin",
    "Indeks pembangunan manusia lima tahun terakhir",
    "Kode KBLI usaha keripik singkong",
    "Konsep pengangguran terbuka",
    "Rancangan survei kepuasan pelayanan",
)
SEARCHED = (
    *("jumlah penduduk", "garis kemiskinan", "inflasi bulanan", "luas panen padi"),
    *("harga salak", "jumlah pernikahan per desa", "peta rawan longsor", "upah buruh"),
)
MISSING_FROM = 4  # of what is searched, this and what follows is often not found
ARTICLES = 24
# Of so many users one came, called or wrote and has no account; of two such, one left
# an address.
VISITOR_EVERY = 8
OFFLINE = [channel for channel in Channel if channel is not Channel.ONLINE]


class Seeder:
    """Makes consultations of a period, and of the one before, straight as rows."""

    def __init__(self, period: Period, count: int, seed: int = 1) -> None:
        self.random = random.Random(seed)
        self.period, self.count = period, count
        self.calendar = days_off.calendar()
        self.first_rating = self._next_id(Rating)
        self.first_turn = self._next_id(Turn)
        self.begin, self.end = period.bounds(settings.current().zone)
        self.consultations: list[dict[str, Any]] = []
        self.messages: list[dict[str, Any]] = []
        self.turns: list[dict[str, Any]] = []
        self.clarities: list[dict[str, Any]] = []
        self.ratings: list[dict[str, Any]] = []
        self.answers: list[dict[str, Any]] = []
        self.follow_ups: list[dict[str, Any]] = []
        self.themes: list[dict[str, Any]] = []
        self.surveyed: set[tuple[int, int]] = set()
        self.due: dict[date, datetime] = {}

    def write(self) -> None:
        users = list(self._users())
        self.visitors = {user["id"] for user in users if user["is_visitor"]}
        for model, rows in (
            (User, users),
            *self._rows([user["id"] for user in users]),
            *self._knowledge(),
        ):
            for start in range(0, len(rows), 5000):
                db.session.execute(sa.insert(model), rows[start : start + 5000])

    def _next_id(self, model: Any) -> int:
        return (db.session.scalar(sa.select(sa.func.max(model.id))) or 0) + 1

    def _users(self) -> Iterator[dict[str, Any]]:
        first = self._next_id(User)
        kinds = [code for code, _ in reference_lists.choices("institution_kinds")]
        jobs = [code for code, _ in reference_lists.choices("occupations")]
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
                "is_visitor": n % VISITOR_EVERY == 0,
                "reachable_at": f"tamu{n}@contoh.test"
                if n % (2 * VISITOR_EVERY) == 0
                else None,
                "wants_notices": False,
                "active": n % VISITOR_EVERY != 0,
                "created_at": self.begin - timedelta(days=90),
                "verified_at": self.begin - timedelta(days=90),
            }

    def _rows(self, users: list[int]) -> list[tuple[Any, list[dict[str, Any]]]]:
        length = self.end - self.begin
        first = self._next_id(Consultation)
        # Some of it lies in the period before, for the comparison.
        moments = sorted(
            self.begin + self._moment(length) - (length if n % 10 == 9 else timedelta())
            for n in range(self.count)
        )
        for n, at in enumerate(moments):
            self._ask(first + n, at, self.random.choice(users))
        return [
            (Consultation, self.consultations),
            (Turn, self.turns),
            (Clarity, self.clarities),
            (Message, self.messages),
            (Rating, self.ratings),
            (SurveyAnswer, self.answers),
            (CommentTheme, self.themes),
            (FollowUp, self.follow_ups),
        ]

    def _moment(self, length: timedelta) -> timedelta:
        """Pick a moment, most often in the office's hours (UTC is 7 hours behind)."""
        day = timedelta(days=self.random.randrange(max(length.days, 1)))
        hour = self.random.gauss(10.5, 3.5) % 24
        return day + timedelta(hours=hour)

    def _ask(self, id: int, asked_at: datetime, user: int) -> None:
        roll = self.random.random()
        wait = timedelta(minutes=self.random.expovariate(1 / 90))
        work = timedelta(minutes=self.random.expovariate(1 / 240))
        claimed, answered = asked_at + wait, asked_at + wait + work
        last = answered + timedelta(minutes=self.random.expovariate(1 / 600))
        closed_at = last + timedelta(hours=self.random.uniform(1, 72))
        row: dict[str, Any] = {
            "id": id,
            "number": f"KS-{asked_at.year}-{id:06d}",
            "year": asked_at.year,
            "sequence": id,
            "category": self.random.choices(list(Category), (60, 20, 8, 12))[0],
            "subject": self.random.choice(SUBJECTS),
            "description": "Saya memerlukan tabel ini untuk tugas. " * 8,
            "details": {},
            "channel": self.random.choice(OFFLINE)
            if user in self.visitors
            else Channel.ONLINE,
            "state": State.CLOSED,
            "reason": Reason.RESOLVED,
            "user_id": user,
            "asked_at": asked_at,
            "claimed_at": claimed,
            "turn_number": 1,
            "closed_at": closed_at,
            "reopened_at": None,
            "newest_id": 0,
            "newest_shown_id": 0,
            "reads": 0,
        }
        turn = self._turn(id, asked_at, answered)
        if row["category"] is Category.DATA:
            purposes = [code for code, _ in reference_lists.choices("purposes")]
            levels = [code for code, _ in reference_lists.choices("levels")]
            row["details"] = {
                "purpose": self.random.choice(purposes),
                "level": self.random.choice(levels),
            }
        self._happen(id, Event.ASKED, asked_at)
        self._happen(id, Event.CLAIMED, claimed)
        if roll < 0.03:
            row |= {"state": State.QUEUED, "claimed_at": None}
            row |= dict.fromkeys(("reason", "closed_at"))
            turn |= {"ended_at": None, "end": None}
        elif roll < 0.05:
            row |= {
                "reason": Reason.WITHDRAWN,
                "claimed_at": None,
                "closed_at": claimed,
            }
            turn |= {"ended_at": claimed, "end": End.WITHDRAWN}
        elif roll < 0.07:
            row["state"] = State.ACTIVE
            row |= dict.fromkeys(("reason", "closed_at"))
            self._ask_again(row, answered + timedelta(hours=30), None)
        elif roll < 0.12:
            self._ask_again(row, answered + timedelta(hours=1), last)
            row["closed_at"] = last + timedelta(hours=40)
        elif roll < 0.14:
            self._leave_unanswered(row, turn, claimed)
        elif roll < 0.2:
            row["reason"] = Reason.NO_RESPONSE
        elif roll < 0.22:
            row["reason"] = Reason.DUPLICATE
        self.consultations.append(row)
        if row["reason"] in (Reason.RESOLVED, Reason.NO_RESPONSE) and roll % 0.1 > 0.05:
            rated = closed_at + timedelta(hours=self.random.uniform(0, 40))
            self._rate(row, user, rated)

    def _turn(
        self, id: int, began: datetime, answered: datetime | None, number: int = 1
    ) -> dict[str, Any]:
        """Add a turn, with a reason for half of those that may be late."""
        self.turns.append(
            {
                "id": self.first_turn + len(self.turns),
                "consultation_id": id,
                "number": number,
                "began_at": began,
                "clear_at": began,
                "due_at": self._due(began),
                "ended_at": answered,
                "end": End.ANSWERED if answered else None,
                "officer_id": None,
                "late_reason": None,
                "late_note": None,
            }
        )
        if self.random.random() < 0.5:  # looked at only where it was late
            why = self.random.choice(list(LateReason))
            note = self.random.choice((None, "Menunggu konfirmasi."))
            self.turns[-1] |= {"late_reason": why, "late_note": note}
        return self.turns[-1]

    def _ask_again(
        self, row: dict[str, Any], at: datetime, answered: datetime | None
    ) -> None:
        """Add a second turn; before it, the user was asked what they mean."""
        ended_at = max(at, answered + timedelta(hours=20)) if answered else None
        turn = self._turn(row["id"], at, ended_at, number=2)
        row["turn_number"] = 2
        self.clarities.append(
            {
                "turn_id": turn["id"],
                "asked_at": at,
                "clear_before": at,
                "due_before": turn["due_at"],
                "ended_at": at + timedelta(hours=self.random.uniform(1, 50)),
                "ended_by": self.random.choice(list(ClearedBy)),
            }
        )

    def _leave_unanswered(
        self, row: dict[str, Any], turn: dict[str, Any], closed_at: datetime
    ) -> None:
        row["closed_at"] = closed_at
        turn |= {"ended_at": closed_at, "end": End.UNANSWERED}

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

    def _rate(self, row: dict[str, Any], user: int, at: datetime) -> None:
        id = row["id"]
        score = self.random.choices((1, 2, 3, 4, 5), (2, 4, 12, 40, 42))[0]
        rating = self.first_rating + len(self.ratings)
        comment = self.random.choice(COMMENTS) if self.random.random() < 0.3 else ""
        is_silent = row["reason"] is Reason.NO_RESPONSE
        self.ratings.append(
            {
                "id": rating,
                "consultation_id": id,
                "score": score,
                "comment": comment,
                "need": self.random.choice(list(Need)) if is_silent else None,
                "via": self.random.choice(list(Via)),
                "rated_at": at,
                "suspected": [],
                "to_review": False,
            }
        )
        if comment and self.random.random() < 0.7:
            self._decide(rating, comment, at)
        if score <= 2:
            self._follow_up(rating, at, Cause.LOW_RATING)
        elif comment and self.random.random() < 0.1:
            causes = (Cause.COMPLAINT, Cause.OFFICER)
            self._follow_up(rating, at, self.random.choice(causes))
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

    def _decide(self, rating: int, comment: str, at: datetime) -> None:
        is_quoted = self.random.random() < 0.2
        self.themes.append(
            {
                "rating_id": rating,
                "theme": suggested(comment),
                "quote": comment if is_quoted else "",
                "decided_at": at,
            }
        )

    def _follow_up(self, rating: int, at: datetime, cause: Cause) -> None:
        progress = self.random.choices(list(Progress), (1, 2, 1, 1, 7))[0]
        sent_at = at + timedelta(hours=self.random.uniform(1, 120))
        is_closed = progress is Progress.CLOSED
        is_sent = progress is not Progress.OPEN
        self.follow_ups.append(
            {
                "number": f"TL-{at.year}-{rating:06d}",
                "year": at.year,
                "sequence": rating,
                "rating_id": rating,
                "cause": cause,
                "progress": progress,
                "opened_at": at,
                "due_at": self._due(at),
                "first_due_at": self._due(at),
                "first_sent_at": sent_at if is_sent else None,
                "sent_at": sent_at if is_sent else None,
                "draft": "",
                "resolution": "Publikasi dikirim, pengguna puas." if is_closed else "",
                "closed_at": sent_at + timedelta(days=1) if is_closed else None,
            }
        )

    def _knowledge(self) -> list[tuple[Any, list[dict[str, Any]]]]:
        first = self._next_id(Article)
        ids = list(range(first, first + ARTICLES))
        articles = [self._article(id) for id in ids]
        revisions = [self._revision(row) for row in articles]
        searches = [self._search(n, ids) for n in range(self.count)]
        votes = [self._vote(n, ids) for n in range(self.count // 5)]
        return [
            *((Article, articles), (Revision, revisions)),
            *((SearchLog, searches), (ArticleVote, votes)),
        ]

    def _article(self, id: int) -> dict[str, Any]:
        made_at = self._somewhen()
        is_out = self.random.random() < 0.8
        return {
            "id": id,
            "slug": f"artikel-contoh-{id}",
            "state": ArticleState.PUBLISHED if is_out else ArticleState.DRAFT,
            "number": 1,
            "published_number": 1 if is_out else None,
            "created_at": made_at,
            "changed_at": made_at,
            "published_at": made_at if is_out else None,
        }

    def _revision(self, article: dict[str, Any]) -> dict[str, Any]:
        return {
            "article_id": article["id"],
            "number": 1,
            "title": f"Artikel contoh {article['id']}",
            "body": "Isi artikel.",
            "topic": list(Topic)[0],
            "tags": [],
            "synonyms": [],
            "answer": AnswerKind.AVAILABLE,
            "answer_note": "",
            "source": "",
            "review_note": "",
            "created_at": article["created_at"],
        }

    def _search(self, n: int, articles: list[int]) -> dict[str, Any]:
        place = self.random.choices(list(SearchPlace), (6, 3, 1))[0]
        which = self.random.randrange(len(SEARCHED))
        is_missing = which >= MISSING_FROM and self.random.random() < 0.6
        is_opened = not is_missing and self.random.random() < 0.5
        return {
            "key": f"s{self.period.first:%y%m}{n:x}",
            "at": self._somewhen(),
            "place": place,
            "words": SEARCHED[which],
            "meaning": meaning_of(SEARCHED[which]),
            "found": 0 if is_missing else 3,
            "clicked_id": self.random.choice(articles) if is_opened else None,
            "answered": is_opened and self.random.random() < 0.3,
        }

    def _vote(self, n: int, articles: list[int]) -> dict[str, Any]:
        return {
            "article_id": self.random.choice(articles),
            "key": f"suara{self.period.first:%y%m}{n}",
            "is_helpful": self.random.random() < 0.8,
            "comment": "",
            "at": self._somewhen(),
        }

    def _somewhen(self) -> datetime:
        """Pick a moment from the period before until the end of this one."""
        length = self.end - self.begin
        return self.begin + length * self.random.uniform(-0.2, 1)
