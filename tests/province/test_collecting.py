"""The province asks a real server, and is not misled by what it answers."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from pst import lamps
from pst.database import db, transaction
from pst.lamps import Level
from pst.province import collecting, signing
from pst.province.collecting import collect
from pst.province.contract import PATH, SIGNATURE
from pst.province.districts import District, DistrictMonth
from pst.province.figure_tokens import FigureToken
from tests.province.conftest import FEBRUARY, SECRET
from tests.province.documents import GOOD, figures, of
from tests.web_server import Answer, Request, WebServer

Listed = Callable[..., int]


def sealed(whole: Any, **more: Any) -> Answer:
    """Return an answer as an office would seal it, with any content."""
    body = whole if isinstance(whole, bytes) else json.dumps(whole).encode()
    return Answer(body, headers={SIGNATURE: signing.sign(SECRET, body)}, **more)


def test_two_offices_talk_over_http(app: Flask, served: str, listed: Listed):
    id = listed(served)

    with app.app_context():
        outcomes = collect()

        assert [(each.period, each.fault, each.is_new) for each in outcomes] == [
            ("2026-02", "", True),
            ("2026-01", "", True),
        ]
        row = DistrictMonth.of(id, FEBRUARY)
        assert row.figures["consultations"] == 54
        assert DistrictMonth.of(id, "2026-01").figures["consultations"] == 6


def test_asked_twice_it_is_stored_once(app: Flask, served: str, listed: Listed):
    id = listed(served)

    with app.app_context():
        collect([FEBRUARY])
        again = collect([FEBRUARY])

        assert [(each.fault, each.is_new) for each in again] == [("", False)]
        assert db.session.query(DistrictMonth).filter_by(district_id=id).count() == 1


def test_a_revoked_token_is_a_fault(
    app: Flask, office: Flask, served: str, listed: Listed
):
    id = listed(served)
    with office.app_context(), transaction():
        FigureToken.working()[0].revoke(1)

    assert fault_of(app, id) == "token"


def test_another_office_at_the_address_is_a_fault(
    app: Flask, served: str, listed: Listed
):
    """Its key follows from its secret key, which is another's now."""
    assert fault_of(app, listed(served, key=signing.public_key("lain"))) == "signature"


def fault_of(app: Flask, id: int) -> str:
    """Ask all, and return what is noted at the office; nothing was stored."""
    with app.app_context():
        collect([FEBRUARY])
        assert DistrictMonth.of(id, FEBRUARY) is None
        assert lamps.by_name()["districts"].level is Level.WARN
        return db.session.get_one(District, id).fault


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Answer(b"{}"), "signature"),
        (Answer(b"{}", headers={SIGNATURE: "!"}), "signature"),
        (Answer(b"{}", headers={SIGNATURE: "A" * 86}), "signature"),
        (sealed(b"{"), "contract"),
        (sealed(b"[" * 9000), "contract"),
        (sealed([]), "contract"),
        (sealed(of(contract="pst-figures/2")), "contract"),
        (sealed(of(period="2026-01")), "contract"),
        (sealed(of(period=2026)), "contract"),
        (sealed(of(office="a\nb")), "contract"),
        (sealed(of(office="a" * 201)), "contract"),
        (sealed(of(counted_at="2026-03-02T01:00:00")), "contract"),
        (sealed(of(counted_at=7)), "contract"),
        (sealed(of(counted_at="2026-03-02T02:10:01+00:00")), "clock"),
        (sealed(of(names=["Siti"])), "contract"),
        (sealed(figures(consultations="60")), "contract"),
        (sealed(figures(consultations=True)), "contract"),
        (sealed(figures(consultations=1.5)), "contract"),
        (sealed(figures(consultations=-1)), "contract"),
        (sealed(figures(consultations=float("nan"))), "contract"),
        (sealed(figures(first_in_time=1.1)), "contract"),
        (sealed(figures(first_answer_hours=float("inf"))), "contract"),
        (sealed(of(figures=None)), "contract"),
        (sealed(b" " * 20_000), "too_large"),
        (sealed(GOOD, cut=20), "broken"),
        (Answer(b"", 401), "token"),
        (Answer(b"", 404), "not_offered"),
        (Answer(b"", 429), "too_often"),
        (Answer(b"", 500), "status"),
        (Answer(b"", 304), "status"),
        (Answer(b"", 302, {"Location": "http://169.254.169.254/"}), "refused"),
        (Answer(b"", 302, {"Location": "http://localhost:22/"}), "refused"),
        (Answer(b"", 302, {"Location": "file:///etc/passwd"}), "refused"),
        (Answer(b"", 302, {"Location": "http://["}), "refused"),
    ],
)
def test_a_wrong_answer_is_noted_and_nothing_stored(
    app: Flask, listed: Listed, answer: Answer, fault: str
):
    with WebServer(lambda request: answer) as server:
        id = listed(server.url)
        assert fault_of(app, id) == fault


def test_a_clock_a_little_ahead_is_no_fault(app: Flask, listed: Listed):
    ahead = sealed(of(counted_at="2026-03-02T02:10:00+00:00"))
    with WebServer(lambda request: ahead) as server, app.app_context():
        listed(server.url)
        assert [each.fault for each in collect([FEBRUARY])] == [""]


@pytest.mark.parametrize("etag", ["a" * 99 + "\r\n b", "\xe4", "a" * 101])
def test_a_mark_that_no_header_can_hold_is_not_sent_back(
    app: Flask, listed: Listed, etag: str
):
    answer = sealed(GOOD)
    answer.headers["ETag"] = etag
    with WebServer(lambda request: answer) as server, app.app_context():
        listed(server.url)
        assert [each.fault for each in collect([FEBRUARY, FEBRUARY])] == ["", ""]
        assert "if-none-match" not in server.requests[-1].headers


@pytest.mark.parametrize(
    "answer", [Answer(hangs=True), sealed(GOOD, drip=0.2)], ids=["hangs", "drips"]
)
def test_a_slow_office_holds_no_one_up(
    app: Flask, listed: Listed, answer: Answer, monkeypatch: Any
):
    monkeypatch.setattr(collecting, "TIMEOUT_S", 1)
    with WebServer(lambda request: answer) as server:
        assert fault_of(app, listed(server.url)) == "slow"


def test_an_office_at_a_private_address_is_not_asked(app: Flask, listed: Listed):
    with WebServer(lambda request: sealed(GOOD)) as server:
        id = listed(f"http://localhost:{server.port}")  # not named in the settings
        assert fault_of(app, id) == "refused"
        assert not server.requests


def test_an_office_that_is_away_stops_no_other(app: Flask, served: str, listed: Listed):
    away = listed("http://127.0.0.1:1", "BPS A")
    well = listed(served, "BPS B")

    with app.app_context():
        outcomes = collect()

        assert [each.fault for each in outcomes] == ["unreachable", "", ""]
        assert DistrictMonth.of(well, FEBRUARY)
        assert db.session.get_one(District, away).fault == "unreachable"
        assert lamps.by_name()["districts"].value == "1/2: BPS A"


def test_what_was_counted_before_does_not_replace_what_is_kept(
    app: Flask, listed: Listed
):
    answers = [sealed(GOOD), sealed(of(counted_at="2026-03-01T01:00:00+00:00"))]
    with WebServer(lambda request: answers.pop(0)) as server, app.app_context():
        id = listed(server.url)
        collect([FEBRUARY])
        assert [each.fault for each in collect([FEBRUARY])] == ["older"]
        month = DistrictMonth.of(id, FEBRUARY)
        assert month.counted_at.isoformat() == GOOD["counted_at"]


def test_newer_figures_replace_what_is_kept(app: Flask, listed: Listed):
    later = of(
        counted_at="2026-03-02T02:05:00+00:00", figures=figures(ratings=7)["figures"]
    )
    answers = [sealed(GOOD), sealed(later)]
    with WebServer(lambda request: answers.pop(0)) as server, app.app_context():
        id = listed(server.url)
        collect([FEBRUARY])
        collect([FEBRUARY])
        assert DistrictMonth.of(id, FEBRUARY).figures["ratings"] == 7


def test_the_token_goes_to_the_office_alone(app: Flask, listed: Listed, token: str):
    def answer(request: Request) -> Answer:
        return Answer(b"", 302, {"Location": "http://localhost:1/"})

    with WebServer(answer) as server:
        fault_of(app, listed(server.url))
        requests = server.requests

    assert [each.path for each in requests] == [f"{PATH}?period={FEBRUARY}"]
    assert requests[0].headers["authorization"] == f"Bearer {token}"


def test_no_lock_is_held_while_an_office_is_asked(app: Flask, listed: Listed):
    def answer(request: Request) -> Answer:
        with app.app_context(), transaction():  # another request writes in between
            lamps.turn("written", Level.GOOD)
        return sealed(GOOD)

    with WebServer(answer) as server, app.app_context():
        listed(server.url)
        assert [each.fault for each in collect([FEBRUARY])] == [""]
