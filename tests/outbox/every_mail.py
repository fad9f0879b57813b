"""Every mail that we send, written with the longest that people and settings give."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace as Row
from typing import Any

from flask import current_app
from jinja2 import StrictUndefined

from pst import clock
from pst.admin.health.looks import Check
from pst.lamps import Level
from pst.web.access import Role

FOLDER = Path(__file__).parent.parent.parent / "pst" / "templates" / "mails"
KINDS = sorted(
    path.stem for path in FOLDER.glob("*.txt") if not path.stem.startswith("_")
)
LONG = "Penduduk" + "menurutumur" * 18
TOKEN = "eyJhbGciOiJIUzI1NiJ9" * 6


def write(kind: str) -> tuple[str, str]:
    """Return subject and text of one mail; an unfilled place is an error."""
    strict = current_app.jinja_env.overlay(undefined=StrictUndefined)
    with current_app.test_request_context():
        text = strict.get_template(f"mails/{kind}.txt").render(name=LONG, **context())
    subject, _, body = text.lstrip().partition("\n")
    return subject.strip(), body.strip() + "\n"


def context() -> dict[str, Any]:
    base = current_app.config["PST"].base_url
    later = clock.now() + timedelta(days=3)
    consultation = Row(
        number="KS-2026-000123",
        subject=LONG,
        category="classification",
        officer=Row(name=LONG),
        is_waiting_for_user=True,
        is_asking_user=True,
        is_online=True,
        **dict.fromkeys(("due_at", "closed_at", "closes_at", "asked_at"), later),
        reopened_at=later,
    )
    follow_up = Row(
        number="TL-2026-000123", due_at=later, rating=Row(score=1), owner=Row(name=LONG)
    )
    report = Row(
        period=Row(text="28 September 2026–30 September 2026"),
        number="B-123/33040/HM.340/2026",
        decided_by=Row(name=LONG),
        decided_at=later,
        comment=f"{LONG}\tb\tc\n1\t2\t3",
        version=12,
        author=Row(name=LONG),
        words={"recommendations": [1, 2]},
    )
    urls = (
        "url",
        "reply_url",
        "rating_url",
        "unsubscribe_url",
        "log_in_url",
        "request_url",
    )
    more = ("forgotten_url", "again_url", "undo_url", "other_url")
    return {
        "consultation": consultation,
        "follow_up": follow_up,
        "report": report,
        "figures": _figures(),
        "excerpt": f"{LONG}\n{LONG} …",
        "overview": _overview(report, follow_up, later),
        "breach": Row(which_data=LONG, how=LONG, measures=LONG, advice=LONG),
        "user": Row(role=Role.OFFICER),
        "checks": [
            Check(name, Level.BAD, error="OSError") for name in ("mail", "disk")
        ],
        "since": {"mail": later, "disk": later},
        "waiting": [consultation],
        "due": [consultation] * 12,
        "text": f"{LONG}\n\nLihat {base}/artikel/{TOKEN}",
        "is_on": True,
        "is_early": True,
        "why": LONG,
        "takes_replies": True,
        "trouble": "",
        "refused": [LONG],
        "counts": {401: 12, 404: 345},
        "other": Row(number="KS-2026-000122", subject=LONG, is_open=True),
        "begin": 1,
        "end": "123:" + "0123456789abcdef" * 4,
        "about": LONG,
        "expires_at": later,
        "closes_at": later,
        "until": later,
        "erased_on": later.date(),
        "new_address": f"{'x' * 60}@{'kantor' * 8}.test",
        **{name: f"{base}/konsultasi/{TOKEN}" for name in (*urls, *more)},
    }


def _overview(report: Row, follow_up: Row, later: Any) -> Row:
    late = Row(number="KS-2026-000123", subject=LONG, due_at=later, officer=None)
    counts = {"open": 12, "late": 3, "due_today": 1, "is_on_duty": False}
    return Row(
        owed=Row(
            late_count=7,
            late=[late] * 5,
            due_today=1,
            queued=3,
            queued_since=later,
            officers=[Row(name=LONG, **counts)],
        ),
        reports=[report],
        to_confirm=[follow_up],
        decisions=2,
        unowned=[follow_up],
        month=Row(text="Februari 2026"),
        compared=Row(written=[[LONG, "90,9%", "92,0%", "–1,1 poin"]]),
    )


def _figures() -> Row:
    return Row(
        volume=Row(total=1234),
        service=Row(first=Row(share=0.5)),
        ratings=Row(count=12, response=0.5, mean=4.25),
        follow_ups=Row(count=3, closed=2),
    )
