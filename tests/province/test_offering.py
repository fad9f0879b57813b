"""What an office tells of a month, to whom, and what a stranger costs."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask

from pst import create_app
from pst.database import db, transaction
from pst.office.audit import AuditEntry
from pst.province import monthly, signing
from pst.province.contract import PATH, SIGNATURE, MonthlyFigures
from pst.province.figure_tokens import FigureToken
from pst.reports.figures.period_figures import Figures
from pst.reports.periods import Period
from pst.reports.public import published, show
from tests.conftest import settings_for
from tests.pages import Browser
from tests.province.conftest import FEBRUARY, SECRET

SCHEMA = Path(__file__).parents[2] / "docs" / "district-figures.schema.json"
SCREEN = "/admin/pengaturan/angka-bulanan"


def ask(office: Flask, token: str, period: str = FEBRUARY, **headers: str) -> Any:
    fields = {"Authorization": f"Bearer {token}", **headers}
    client = office.test_client()
    return client.get(f"{PATH}?period={period}", headers=fields, buffered=True)


def test_a_month_comes_as_the_schema_says(office: Flask, token: str):
    answer = ask(office, token)

    assert answer.status_code == 200
    whole = json.loads(answer.data)
    checker = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))
    checker.validate(whole)
    assert whole["period"] == FEBRUARY
    assert whole["figures"]["consultations"] == 54
    assert MonthlyFigures.read(answer.data).figures == whole["figures"]


def test_the_seal_is_checked_by_any_ed25519(office: Flask, token: str):
    answer = ask(office, token)

    key, seal = signing.public_key(SECRET), answer.headers[SIGNATURE]
    plain = [base64.urlsafe_b64decode(text + "==") for text in (key, seal)]
    Ed25519PublicKey.from_public_bytes(plain[0]).verify(plain[1], answer.data)
    assert not signing.is_signed(key, seal, answer.data + b" ")
    assert not signing.is_signed(signing.public_key("lain"), seal, answer.data)


def test_the_figures_are_those_of_the_public_page(office: Flask, token: str):
    with office.app_context():
        figures = Figures(Period.parse(FEBRUARY)).public()
        safe = published(figures)
        cells = {
            text: value
            for text, value, _ in show(Period.parse(FEBRUARY), figures).highlights
        }

    counts = json.loads(ask(office, token).data)["figures"]

    assert counts["turns_in_time"] == round(safe["service"]["turns"]["share"], 2)
    assert counts["rating_mean"] == round(safe["ratings"]["mean"], 1)
    assert counts["survey_index"] == round(safe["survey"]["value"], 1)
    assert cells["konsultasi diajukan"] == str(counts["consultations"])


def some(total: int, ratings: int, respondents: int) -> dict[str, Any]:
    """Return figures of so many."""
    share = {"share": 1.0, "median": 2.04}
    return {
        "volume": {"total": total, "category": {}, "institution": {}},
        "service": {"turns": share, "first": share, "final": share},
        "ratings": {"count": ratings, "mean": 4.26, "score": {"4": ratings}},
        "survey": {"respondents": respondents, "value": 88.123, "elements": []},
        "trend": {},
    }


def test_a_month_of_four_consultations_tells_nothing():
    assert set(monthly.publishable(some(4, 4, 4)).values()) == {None}
    assert monthly.publishable(some(5, 0, 0))["consultations"] == 5


def test_ratings_and_answers_of_four_are_not_told():
    few, enough = (monthly.publishable(some(9, n, n)) for n in (4, 5))

    names = ("ratings", "rating_mean", "survey_answers", "survey_index")
    assert [few[key] for key in names] == [None] * 4
    assert [enough[key] for key in names] == [5, 4.3, 5, 88.1]


@pytest.mark.parametrize(
    ("period", "status", "why"),
    [
        ("", 400, "bad_period"),
        ("2026", 400, "bad_period"),
        ("2026-T1", 400, "bad_period"),
        ("2026-13", 400, "bad_period"),
        ("2026-2", 400, "bad_period"),
        ("٢٠٢٦-٠٢", 400, "bad_period"),
        ("2026-03", 404, "period_not_offered"),
        ("2023-02", 404, "period_not_offered"),
    ],
)
def test_other_periods_are_refused(
    office: Flask, token: str, period: str, status: int, why: str
):
    answer = ask(office, token, period)

    assert (answer.status_code, answer.json) == (status, {"error": why})
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_oldest_month_is_three_years_ago(office: Flask, token: str):
    assert ask(office, token, "2023-03").status_code == 200


@pytest.mark.parametrize("token", ["", "salah", "a" * 5000])
def test_who_has_no_token_learns_nothing(office: Flask, token: str):
    answer = ask(office, token, "2026-13")

    assert (answer.status_code, answer.json) == (401, {"error": "unknown_token"})
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_nothing_is_counted_for_a_stranger(office: Flask, monkeypatch: Any):
    monkeypatch.setattr(monthly, "count", lambda *_: pytest.fail("counted"))

    assert ask(office, "salah").status_code == 401


def test_a_month_is_counted_once_an_hour(office: Flask, token: str, at: Any):
    first = ask(office, token).json["counted_at"]

    at("2026-03-02 09:59+07:00")
    assert ask(office, token).json["counted_at"] == first
    at("2026-03-02 10:00+07:00")
    assert ask(office, token).json["counted_at"] != first


def test_what_did_not_change_is_not_sent_again(office: Flask, token: str, at: Any):
    first = ask(office, token)
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in first.headers["Vary"]

    at("2026-03-03 09:00+07:00")
    again = ask(office, token, **{"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")


def test_a_network_asks_sixty_times_an_hour(office: Flask, tmp_path: Path):
    own = settings_for(tmp_path / "lain", testing=False)
    app = create_app(replace(own, database_url=office.config["PST"].database_url))
    answers = [ask(app, "salah") for _ in range(61)]

    assert {answer.status_code for answer in answers[:60]} == {401}
    assert answers[60].status_code == 429
    assert answers[60].json == {"error": "too_many_requests"}
    assert answers[60].headers["Retry-After"]
    with app.app_context():
        db.engine.dispose()


def test_a_token_is_shown_once_stored_hashed_and_revoked(office: Flask):
    andi = Browser(office).log_in("andi")
    andi.post(SCREEN, {"name": "BPS Provinsi"})

    page = andi.get(SCREEN).text
    code = page.partition('id="made">')[2].partition("<")[0]
    token, _, key = code.partition(".")
    assert key == signing.public_key(SECRET)
    assert ask(office, token).status_code == 200
    assert token not in andi.get(SCREEN).text
    with office.app_context():
        row = db.session.scalar(db.select(FigureToken))
        assert token.encode() not in row.token_hash
        assert row.used_at == datetime(2026, 3, 2, 2, tzinfo=UTC)
        id = row.id

    andi.post(f"{SCREEN}/{id}/pencabutan")

    assert ask(office, token).status_code == 401
    with office.app_context():
        acts = db.session.scalars(
            db.select(AuditEntry.action).filter_by(subject=f"figure_token:{id}")
        )
        assert list(acts) == ["make_figure_token", "revoke_figure_token"]


def test_a_token_without_a_name_is_not_made(office: Flask):
    andi = Browser(office).log_in("andi")

    answer = andi.post(SCREEN, {"name": " "})

    assert answer.status_code == 422
    with office.app_context():
        assert not FigureToken.working()


def test_there_are_twenty_tokens_at_most(office: Flask):
    with office.app_context(), transaction():
        for n in range(20):
            FigureToken.issue(f"Kantor {n}", 1)
    andi = Browser(office).log_in("andi")

    assert andi.post(SCREEN, {"name": "Satu lagi"}).status_code == 409
