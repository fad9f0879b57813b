"""Consultations made straight into the rows, so that a test can say how they went."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import time_machine

from bench.seeding import Seeder
from pst import create_app
from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.service_level.turns import End, Turn
from pst.consultations.states import Category, Reason, State
from pst.database import db
from pst.feedback.models import Rating
from pst.reports.figures.period_figures import Figures
from pst.reports.layout.cells import Measure
from pst.reports.letter.approving import approved_letter
from pst.reports.models import Report
from pst.reports.periods import Period
from tests.conftest import MORNING, copy, settings_for

FORMULA = "=HYPERLINK(0)"
NASTY = '#panic("x") $a_1$ *tebal* <label> @siti // \\ `kode` "kutip" {{ x }} <b>'
STRANGE = {
    "an emoji": "Bagus 👍🏽",
    "a family": "👨\u200d👩\u200d👧 dan 🇮🇩",
    "a key cap": "Tekan 1\ufe0f\u20e3",
    "a null": "kata\0kosong",
    "controls": "a\x07\x1b[31m\x7f\x85b",
    "private": "\ue000\U000f0000\U0010fffd",
    "unassigned": "\u0378\ufdd0\uffff",
    "half a pair": "x\ud83dy",
    "Chinese": "漢字",
    "Javanese": "ꦲꦤꦕꦫꦏ",
    "Tibetan": "\u0f40\u0fb5",
    "a ring around a letter": "e\u20dd",
    "Arabic": "السلام عليكم \u0600",
    "directions": "\u202eterbalik\u202c \u2066x\u2069 \ufeff",
    "quotes": "😀\"\\' `x`",
}

FEBRUARY, MARCH = Period.parse("2026-02"), Period.parse("2026-03")


def approve(report: Report, by: User, number: str = "") -> None:
    """Approve it with a letter that is set as the head's button does."""
    report.approve(by, *approved_letter(report, by, number))


@pytest.fixture(scope="module")
def figures(
    built: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Any]]:
    """February 2026 with 500 consultations, looked at on 2 March."""
    folder = tmp_path_factory.mktemp("recount")
    copy(built, folder)
    app = create_app(settings_for(folder))
    with time_machine.travel(MORNING, tick=False), app.app_context():
        Seeder(FEBRUARY, 500, seed=7).write()
        db.session.commit()
        yield Figures(FEBRUARY).frozen()
        db.engine.dispose()


@pytest.fixture
def asked(siti: User, at: object) -> Callable[..., Consultation]:
    """Store a consultation that was asked when and went as told."""
    rows: list[Consultation] = []

    def ask(when: str, **given: Any) -> Consultation:
        moments = {
            name: datetime.fromisoformat(value)
            for name, value in given.items()
            if name.endswith("_at")
        }
        others = {name: v for name, v in given.items() if name not in moments}
        asked_at = datetime.fromisoformat(when)
        values: dict[str, Any] = {
            "category": Category.DATA,
            "state": State.CLOSED if "closed_at" in moments else State.ACTIVE,
            "reason": Reason.RESOLVED if "closed_at" in moments else None,
            "user": siti,
            "turn_number": 1,
            **others,
            **moments,
        }
        turn = _turn(asked_at, values)
        consultation = Consultation(
            number=f"KS-2026-{len(rows) + 1:06d}",
            year=2026,
            sequence=len(rows) + 1,
            subject="Jumlah penduduk",
            description="Menurut umur.",
            details=values.pop("details", {}),
            asked_at=asked_at,
            newest_id=0,
            newest_shown_id=0,
            reads=0,
            **values,
        )
        rows.append(consultation)
        db.session.add(consultation)
        db.session.flush()
        turn.consultation_id = consultation.id
        db.session.add(turn)
        db.session.commit()
        return consultation

    return ask


def _turn(asked_at: datetime, values: dict[str, Any]) -> Turn:
    """Take what is about the first turn out of the values of a consultation."""
    turn = Turn(number=1, began_at=asked_at)
    turn.clear_at = values.pop("clear_at", asked_at)
    turn.due_at = values.pop("due_at", None)
    turn.ended_at = values.pop("answered_at", None)
    turn.late_reason = values.pop("late_reason", None)
    turn.late_note = values.pop("late_note", None)
    end = values.pop("end", None)
    turn.end = (end or End.ANSWERED) if turn.ended_at else end
    if turn.end and not turn.ended_at:
        turn.ended_at = values["closed_at"]
    return turn


@pytest.fixture
def march() -> Callable[[], dict[str, Any]]:
    """Return the figures of March 2026."""
    return lambda: Figures(MARCH).frozen()


def plain(cell: object) -> object:
    value = cell.value if isinstance(cell, Measure) else cell
    if isinstance(cell, Measure) and cell.kind == "more_share" and cell.value:
        return cell.value * 100
    if isinstance(value, date):
        return datetime.combine(value, time())
    return "–" if value is None else value


@pytest.fixture
def rated(asked, at) -> Consultation:
    """Siti's consultation, answered in time, rated 2 with a nasty comment."""
    at("2026-03-03 09:00+07:00")
    consultation = asked(
        "2026-03-02 09:00+07:00",
        due_at="2026-03-05 15:30+07:00",
        claimed_at="2026-03-02 09:30+07:00",
        answered_at="2026-03-02 11:00+07:00",
        closed_at="2026-03-02 12:00+07:00",
        details={"purpose": "skripsi"},
    )
    Rating.leave(consultation, 2, f"{FORMULA} dari Siti Rahayu, siti@contoh.test")
    db.session.commit()
    return consultation


@pytest.fixture
def report(rated, budi) -> Report:
    report = Report.draft(MARCH, budi)
    report.write(
        budi,
        "B-1/33040/2026",
        {
            "summary": NASTY,
            "conclusion": "Satu.\n\nDua.",
            "recommendations": [{"text": NASTY, "person": "Budi", "by": "2026-04-30"}],
        },
    )
    db.session.commit()
    return report
