"""Turns: what the office owes a user, each with its own clock.

Until now one deadline and a few moments stood in the row of a consultation, and
buttons moved them: words that only ask for patience counted as an answer, a question
made what was late early again, closing won three days. The turns are made of what was
written at the time. Sent reports keep their figures; where a live figure of a month
changes, the lines printed say which and why.

The table is rebuilt, so the triggers of its full-text index are made again.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from pst.consultations.verbs.thanks import is_only_thanks
from pst.database import NAMES, UtcDateTime, only_where
from pst.office.calendar import Calendar

revision = "0038"
down_revision = "0037"

ENDS = ("answered", "asked", "unanswered", "silent", "duplicate", "withdrawn")
ANSWERS = ("answered", "asked")
RESUMED = ("unanswered", "silent", "duplicate")
CLOSINGS = ("resolved", "no_response", "withdrawn", "duplicate")
REASONS = ("workload", "others", "complex", "system", "absence", "other")
OVERRUN = "late_reason IS NULL AND due_at < ended_at"
UNEXPLAINED = (
    "late_reason IS NULL AND state = 'closed'"
    " AND (answered_at > answered_due_at OR final_answer_at > final_due_at"
    " OR (final_answer_at IS NULL AND due_at < closed_at))"
)
MOMENTS = (
    *("clear_at", "due_at", "answered_at", "answered_due_at", "final_answer_at"),
    *("final_due_at", "due_warned_at", "breach_told_at", "half_told_at"),
)
# The service hours of an office that has set none, by weekday; Monday is 0.
HOURS = {str(day): [["08:00", "15:30"]] for day in range(4)} | {
    "4": [["08:00", "16:00"]]
}
# An answer and its audit row were written one after the other.
TOGETHER = timedelta(seconds=2)


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(
        *values, name=name, native_enum=False, create_constraint=True, length=40
    )


def moments(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, UtcDateTime()) for name in names]


CONSULTATION = sa.table(
    "consultation",
    *(sa.Column(name) for name in ("id", "number", "state", "reason", "user_id")),
    *(sa.Column(name) for name in ("channel", "late_reason", "late_note")),
    *moments("asked_at", "waiting_since", "closed_at", *MOMENTS),
)
MESSAGE = sa.table(
    "message",
    *(sa.Column(name) for name in ("id", "consultation_id", "kind", "author_id")),
    *(sa.Column(name) for name in ("body", "event", "is_final")),
    sa.Column("data", sa.JSON()),
    *moments("created_at"),
)
AUDIT = sa.table(
    "audit_entry",
    *(sa.Column(name) for name in ("id", "subject", "action")),
    sa.Column("detail", sa.JSON()),
    *moments("at"),
)
OWN = ("began_at", "clear_at", "due_at", "ended_at", "due_warned_at")
TOLD = ("due_warned_at", "breach_told_at", "half_told_at")
TURN = sa.table(
    "turn",
    *(sa.Column(name) for name in ("id", "consultation_id", "number", "end")),
    *(sa.Column(name) for name in ("officer_id", "late_reason", "late_note")),
    *moments(*OWN, "breach_told_at", "half_told_at"),
)
CLARITY = sa.table(
    "clarity",
    *(sa.Column(name) for name in ("id", "turn_id", "ended_by")),
    *moments("asked_at", "clear_before", "due_before", "ended_at"),
)


def upgrade() -> None:
    make_tables()
    connection = op.get_bind()
    op.add_column(
        "consultation",
        sa.Column("turn_number", sa.Integer(), nullable=False, server_default="1"),
    )
    calendar, workdays = office(connection)
    before, after, why = Counter[Any](), Counter[Any](), defaultdict[Any, Any](Counter)
    rows = list(connection.execute(sa.select(CONSULTATION).order_by("id")).mappings())
    said, interim = messages(connection), interim_answers(connection)
    turn_id = 0
    for row in rows:
        history = History(row, calendar, workdays, interim[row["number"]])
        turns = history.turns(said.pop(row["id"], []))
        for number, turn in enumerate(turns, start=1):
            turn_id += 1
            write(connection, turn_id, row["id"], number, turn)
        connection.execute(
            sa.text("UPDATE consultation SET turn_number = :n WHERE id = :id"),
            {"n": len(turns), "id": row["id"]},
        )
        month = f"{row['asked_at'].astimezone(calendar.zone):%Y-%m}"
        compare(month, row, turns, history.notes, (before, after, why))
    tell(before, after, why)
    drop_columns(connection)


def make_tables() -> None:
    op.create_table(
        "turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        *moments("clear_at", "due_at", "ended_at"),
        sa.Column("end", choice("end", *ENDS)),
        sa.Column("officer_id", sa.Integer()),
        *moments("due_warned_at", "breach_told_at", "half_told_at"),
        sa.Column("late_reason", choice("late_reason", *REASONS)),
        sa.Column("late_note", sa.String(300)),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_turn_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["user.id"], name=op.f("fk_turn_officer_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_turn_consultation_id")
        ),
    )
    op.create_index(
        "ix_turn_owed", "turn", ["due_at"], **only_where("ended_at IS NULL")
    )
    op.create_index(
        "ix_turn_unexplained",
        "turn",
        ["consultation_id"],
        **only_where(OVERRUN),
    )
    op.create_table(
        "clarity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("turn_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        *moments("clear_before", "due_before", "ended_at"),
        sa.Column("ended_by", choice("cleared_by", "user", "officer", "undone")),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turn.id"], name=op.f("fk_clarity_turn_id_turn")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clarity")),
    )
    op.create_index("ix_clarity_turn_id", "clarity", ["turn_id"])


def office(connection: sa.Connection) -> tuple[Calendar, int]:
    """Return the calendar of this office, and its number of working days."""
    kept = connection.execute(sa.text("SELECT key, value FROM office_setting"))
    settings = {key: json.loads(value) for key, value in kept}
    usual = week(settings.get("hours") or HOURS, [[] for _ in range(7)])
    off = connection.execute(
        sa.text('SELECT "on", name FROM day_off WHERE NOT is_working')
    )
    periods, uncounted = [], []
    spans = connection.execute(
        sa.text("SELECT first_on, last_on, hours, counts FROM hours_period ORDER BY id")
    )
    for first, last, hours, counts in spans:
        days = date.fromisoformat(first), date.fromisoformat(last)
        periods.append((*days, week(json.loads(hours), usual)))
        if not counts:
            uncounted.append(days)
    days_off = {date.fromisoformat(on): name for on, name in off}
    zone = ZoneInfo(settings.get("timezone") or "Asia/Jakarta")
    calendar = Calendar(usual, days_off, zone, periods, uncounted)
    return calendar, settings.get("service_workdays", 3)


def week(hours: dict[str, Any], usual: list[Any]) -> list[Any]:
    """Return the hours of the seven weekdays; those not named are as `usual`."""
    return [
        [(time.fromisoformat(a), time.fromisoformat(b)) for a, b in hours[str(day)]]
        if str(day) in hours
        else usual[day]
        for day in range(7)
    ]


def messages(connection: sa.Connection) -> dict[int, list[Any]]:
    """Return what was said and what happened, by consultation; no notes."""
    found: dict[int, list[Any]] = defaultdict(list)
    query = sa.select(MESSAGE).where(MESSAGE.c.kind != "note").order_by("id")
    for row in connection.execute(query):
        found[row.consultation_id].append(row)
    return found


def interim_answers(connection: sa.Connection) -> dict[str, list[datetime]]:
    """Return when officers sent words that they called no answer, by number."""
    found: dict[str, list[datetime]] = defaultdict(list)
    query = sa.select(AUDIT).where(AUDIT.c.action == "answer")
    for row in connection.execute(query):
        if (row.detail or {}).get("state") == "active":
            found[row.subject.partition(":")[2]].append(row.at)
    return found


class History:
    """One consultation, told again from its messages."""

    def __init__(
        self, row: Any, calendar: Calendar, workdays: int, interim: list[datetime]
    ) -> None:
        self.row, self.calendar, self.workdays = row, calendar, workdays
        self.interim = interim if row["channel"] == "online" else []
        self.told: list[dict[str, Any]] = []
        self.notes: set[str] = set()

    def turns(self, entries: list[Any]) -> list[dict[str, Any]]:
        self.begin(self.row["asked_at"])
        for place, entry in enumerate(entries):
            after = entries[place + 1] if place + 1 < len(entries) else None
            if entry.kind == "event":
                self.happen(entry)
            elif entry.author_id == self.row["user_id"]:
                self.hear_user(entry)
            else:
                self.hear_officer(entry, after)
        self.agree()
        return self.told

    @property
    def turn(self) -> dict[str, Any]:
        return self.told[-1]

    @property
    def question(self) -> dict[str, Any] | None:
        asked = self.turn["clarities"]
        return asked[-1] if asked and asked[-1]["ended_at"] is None else None

    def due(self, at: datetime) -> datetime:
        return self.calendar.due_at(at, self.workdays)

    def begin(self, at: datetime) -> None:
        turn = dict.fromkeys((*TURN.c.keys(), "clarities"))
        turn |= {"began_at": at, "clear_at": at, "due_at": self.due(at)}
        self.told.append({**turn, "clarities": []})

    def hear_user(self, entry: Any) -> None:
        if self.turn["ended_at"] is not None:
            if not is_only_thanks(entry.body):
                self.begin(entry.created_at)
        elif self.question:
            self.clear(entry.created_at, "user")

    def hear_officer(self, entry: Any, after: Any) -> None:
        if after is not None and after.event == "clarity_asked":
            return
        if any(abs(at - entry.created_at) <= TOGETHER for at in self.interim):
            self.notes.add("kata sementara bukan jawaban")
            return
        end = "answered" if entry.is_final else "asked"
        if self.turn["ended_at"] is None:
            if self.question:
                self.clear(entry.created_at, "officer")
            self.turn.update(
                {"ended_at": entry.created_at, "officer_id": entry.author_id}
            )
            self.turn["end"] = end
        elif self.turn["end"] in ANSWERS:
            self.turn["end"] = end

    def happen(self, entry: Any) -> None:
        at, data = entry.created_at, entry.data or {}
        if entry.event == "clarity_asked" and self.turn["ended_at"] is None:
            self.ask(at)
        elif entry.event == "cleared" and self.question:
            by_user = entry.author_id == self.row["user_id"]
            self.clear(at, "user" if by_user else "officer")
        elif entry.event == "clock_undone" and self.question:
            self.question.update(ended_at=at, ended_by="undone")
            asked = self.turn["clarities"][-1]
            if self.turn["due_at"] is None:
                self.turn.update(
                    {
                        "clear_at": asked["clear_before"],
                        "due_at": asked["due_before"],
                    }
                )
        elif entry.event == "due_moved" and self.turn["due_at"] and "due_at" in data:
            self.turn["due_at"] = datetime.fromisoformat(data["due_at"])
        elif entry.event in CLOSINGS and self.turn["ended_at"] is None:
            self.close(entry.event, entry.author_id, at)
        elif entry.event == "reopened" and self.turn["end"] in RESUMED:
            self.turn.update({"end": None, "ended_at": None, "officer_id": None})

    def ask(self, at: datetime) -> None:
        if self.question:
            return
        runs = self.turn["due_at"] is not None and at <= self.turn["due_at"]
        asked = dict.fromkeys(CLARITY.c.keys())
        asked |= {"asked_at": at}
        if runs:
            asked["clear_before"] = self.turn["clear_at"]
            asked["due_before"] = self.turn["due_at"]
            self.turn.update({"clear_at": None, "due_at": None})
        else:
            self.notes.add("yang terlambat tetap terlambat")
        self.turn["clarities"].append(asked)

    def clear(self, at: datetime, by: str) -> None:
        if self.question:
            self.question.update(ended_at=at, ended_by=by)
        if self.turn["due_at"] is None:
            self.turn.update({"clear_at": at, "due_at": self.due(at)})

    def close(self, reason: str, by_id: int | None, at: datetime) -> None:
        if reason == "withdrawn" or by_id == self.row["user_id"]:
            end = "withdrawn"
        elif reason == "resolved":
            end = "unanswered"
        else:
            end = "silent" if reason == "no_response" else "duplicate"
        self.turn.update({"end": end, "ended_at": at, "officer_id": by_id})

    def agree(self) -> None:
        """Let the turns say what the row said, where both can be true."""
        row, first, last = self.row, self.told[0], self.turn
        is_open = first["end"] not in ANSWERS and not self.notes
        if row["answered_at"] and is_open:
            first |= {"end": "answered", "ended_at": row["answered_at"]}
        # Asked about once it was late: the row has a deadline that a button moved.
        was_late = any(asked["due_before"] is None for asked in first["clarities"])
        is_its = first["ended_at"] == row["answered_at"] and not was_late
        if is_its and row["answered_due_at"]:
            first["due_at"] = row["answered_due_at"]
        if row["state"] == "closed" and last["ended_at"] is None:
            self.close(row["reason"], None, row["closed_at"] or last["began_at"])
        is_own = row["clear_at"] is not None and row["clear_at"] >= last["began_at"]
        if last["ended_at"] is None and is_own and not last["clarities"]:
            last |= {"clear_at": row["clear_at"], "due_at": row["due_at"]}
        for name in TOLD:
            if row[name] and row[name] >= last["began_at"]:
                last[name] = row[name]
        late = [turn for turn in self.told if is_late(turn, datetime.now(UTC))]
        explained = late[0] if late else last
        explained["late_reason"], explained["late_note"] = (
            row["late_reason"],
            row["late_note"],
        )
        if len(self.told) > 1:
            self.notes.add("pesan pengguna sesudah jawaban memulai permintaan baru")


def write(
    connection: sa.Connection, id: int, consultation_id: int, number: int, turn: Any
) -> None:
    clarities = turn.pop("clarities")
    turn |= {"id": id, "consultation_id": consultation_id, "number": number}
    connection.execute(sa.insert(TURN), turn)
    for asked in clarities:
        del asked["id"]
        connection.execute(sa.insert(CLARITY), {**asked, "turn_id": id})


def is_late(turn: Any, now: datetime) -> bool:
    return bool(turn["due_at"] and turn["due_at"] < (turn["ended_at"] or now))


def verdicts_before(row: Any, now: datetime) -> tuple[str, str]:
    """Return how the figures judged the first and the final answer until now."""
    over, due, first, final = "", row["due_at"], "", ""
    until = row["closed_at"] or now
    if row["answered_at"]:
        over = row["answered_due_at"] or row["answered_at"]
        first = "late" if row["answered_at"] > over else "in"
    elif due and due < until:
        first = "late"
    if row["final_answer_at"]:
        over = row["final_due_at"] or row["final_answer_at"]
        final = "late" if row["final_answer_at"] > over else "in"
    elif due and due < until and row["state"] != "waiting_user":
        final = "late"
    return first, final


def verdicts_after(row: Any, turns: list[Any], now: datetime) -> tuple[str, str]:
    first, last = turns[0], turns[-1]
    is_closed = row["state"] == "closed"
    found = []
    for turn, counts in (
        (first, True),
        (last, is_closed or last["ended_at"] is None),
    ):
        if is_late(turn, now) and counts:
            found.append("late")
        elif turn["end"] in ANSWERS and (turn is first or is_closed):
            found.append("in")
        else:
            found.append("")
    if last is first and not is_closed and found[1] == "in":
        found[1] = ""
    return found[0], found[1]


def compare(
    month: str, row: Any, turns: list[Any], notes: set[str], into: tuple[Any, Any, Any]
) -> None:
    before, after, why = into
    now = datetime.now(UTC)
    old, new = verdicts_before(row, now), verdicts_after(row, turns, now)
    for of, was, becomes in zip(("pertama", "akhir"), old, new, strict=True):
        before[month, of, was] += 1
        after[month, of, becomes] += 1
        if was != becomes:
            why[month, of].update(notes or {"waktu menurut percakapan"})


def tell(before: Any, after: Any, why: Any) -> None:
    """Print the live figures of each month that change, and why."""
    for line in changes(before, after, why):
        print(line)


def changes(before: Any, after: Any, why: Any) -> Iterator[str]:
    for month, of in sorted(why):
        counts = [
            (found[month, of, "in"], found[month, of, "late"])
            for found in (before, after)
        ]
        if counts[0] == counts[1]:
            continue
        shares = [
            f"{within} tepat waktu, {late} terlambat"
            + (f" ({within / (within + late):.1%})" if within + late else "")
            for within, late in counts
        ]
        causes = ", ".join(f"{text}: {n}" for text, n in why[month, of].most_common())
        yield f"{month} jawaban {of}: {shares[0]} → {shares[1]}. {causes}"


def triggers_of_consultation(connection: sa.Connection) -> list[str]:
    """Return what SQLite loses with the table; PostgreSQL keeps the table."""
    if connection.dialect.name != "sqlite":
        return []
    query = sa.text(
        "SELECT sql FROM sqlite_master"
        " WHERE type = 'trigger' AND tbl_name = 'consultation'"
    )
    return list(connection.scalars(query))


def drop_columns(connection: sa.Connection) -> None:
    triggers = triggers_of_consultation(connection)
    op.drop_index("ix_consultation_state_due_at", "consultation")
    op.drop_index("ix_consultation_unexplained", "consultation")
    with op.batch_alter_table("consultation", naming_convention=NAMES) as batch:
        batch.drop_constraint(op.f("ck_consultation_late_reason"), type_="check")
        for name in (*MOMENTS, "late_reason", "late_note"):
            batch.drop_column(name)
        batch.alter_column("turn_number", server_default=None)
    op.create_index("ix_consultation_state", "consultation", ["state"])
    for trigger in triggers:
        op.execute(trigger)


def downgrade() -> None:
    """Put the first and the last turn back into the row; the others are lost."""
    connection = op.get_bind()
    triggers = triggers_of_consultation(connection)
    op.drop_index("ix_consultation_state", "consultation")
    with op.batch_alter_table("consultation", naming_convention=NAMES) as batch:
        for name in MOMENTS:
            batch.add_column(sa.Column(name, UtcDateTime()))
        batch.add_column(sa.Column("late_reason", choice("late_reason", *REASONS)))
        batch.add_column(sa.Column("late_note", sa.String(300)))
    last = "FROM turn t WHERE t.consultation_id = consultation.id AND t.number = "
    answers = "t.end IN ('answered', 'asked')"
    first, latest = f"{last} 1", f"{last} consultation.turn_number"
    sets = {
        "clear_at": f"SELECT t.clear_at {latest}",
        "due_at": f"SELECT t.due_at {latest}",
        "answered_at": f"SELECT t.ended_at {first} AND {answers}",
        "answered_due_at": f"SELECT t.due_at {first} AND {answers}",
        "final_answer_at": f"SELECT t.ended_at {latest} AND {answers}"
        " AND consultation.state = 'closed'",
        "final_due_at": f"SELECT t.due_at {latest} AND consultation.state = 'closed'",
        **{name: f"SELECT t.{name} {latest}" for name in TOLD},
        "late_reason": "SELECT t.late_reason FROM turn t WHERE t.consultation_id ="
        " consultation.id AND t.late_reason IS NOT NULL LIMIT 1",
        "late_note": "SELECT t.late_note FROM turn t WHERE t.consultation_id ="
        " consultation.id AND t.late_note IS NOT NULL LIMIT 1",
    }
    pairs = ", ".join(f"{name} = ({query})" for name, query in sets.items())
    op.execute(f"UPDATE consultation SET {pairs}")
    with op.batch_alter_table("consultation", naming_convention=NAMES) as batch:
        batch.drop_column("turn_number")
    restore_duplicates()
    op.create_index("ix_consultation_state_due_at", "consultation", ["state", "due_at"])
    op.create_index(
        "ix_consultation_unexplained",
        "consultation",
        ["officer_id"],
        **only_where(UNEXPLAINED),
    )
    for trigger in triggers:
        op.execute(trigger)
    op.drop_table("clarity")
    op.drop_table("turn")


def restore_duplicates() -> None:
    """Write the key of `duplicate_of_id` into the column, where 0019 put it.

    A rebuilt table has it at its end, and SQLite then cannot drop the column.
    """
    name = "duplicate_of_id"
    op.execute(
        f"CREATE TEMP TABLE repeats AS SELECT id, {name} FROM consultation"
        f" WHERE {name} IS NOT NULL"
    )
    op.drop_index(f"ix_consultation_{name}", "consultation")
    key = f"fk_consultation_{name}_consultation"
    with op.batch_alter_table("consultation", naming_convention=NAMES) as batch:
        batch.drop_constraint(key, type_="foreignkey")
        batch.drop_column(name)
    op.execute(
        f"ALTER TABLE consultation ADD COLUMN {name} INTEGER"
        f" CONSTRAINT {key} REFERENCES consultation (id)"
    )
    op.execute(
        f"UPDATE consultation SET {name} ="
        f" (SELECT {name} FROM repeats WHERE repeats.id = consultation.id)"
    )
    op.execute("DROP TABLE repeats")
    op.create_index(f"ix_consultation_{name}", "consultation", [name])
