"""The layer before Flask decides nothing that Flask does not decide too."""

from dataclasses import dataclass

import pytest
from flask import Flask

from pst import clock
from pst.accounts.log_ins import LogIn
from pst.accounts.users import User
from pst.consultations.conversation import polling
from pst.consultations.desk.worklist.waiting_count import waiting_for
from pst.consultations.desk.worklist.worklist import Worklist
from pst.consultations.models import Consultation
from pst.consultations.states import Category, Reason
from pst.database import db, transaction
from pst.fair_queue import Ticket
from pst.office import settings
from pst.web.load_shedding import BUSY_AFTER_S
from tests.people import email_of

NUMBER = "KS-2026-000001"
NAMES = ("siti", "dewi", "budi", "rina", "hasan", "andi")


@dataclass
class Office:
    """A conversation of Siti's with Budi, and everyone's log-in tokens."""

    app: Flask
    tokens: dict[str, str]
    newest: int
    newest_shown: int
    reads: int

    @property
    def all_read(self) -> str:
        """What the browser of a user who has everything says."""
        return f"{self.newest_shown}.{self.reads}"


@pytest.fixture
def office(app: Flask, at: object) -> Office:
    with app.app_context():
        with transaction():
            people = {name: User.with_email(email_of(name)) for name in NAMES}
            siti, budi = people["siti"], people["budi"]
            consultation = Consultation.ask(siti, Category.DATA, "IPM", "Berapa IPM?")
            # An officer may ask too, and then sees no notes on the own request.
            own = Consultation.ask(people["rina"], Category.DATA, "PDRB", "Berapa?")
            own.claim(budi)
            own.note(budi, "Tentang Rina.")
            consultation.claim(budi)
            consultation.say(budi, "Tahun berapa?")
            consultation.note(budi, "Catatan.")
            tokens = {
                name: LogIn.open(user, "test")[1] for name, user in people.items()
            }
        return Office(
            app,
            tokens,
            consultation.newest_id,
            consultation.newest_shown_id,
            consultation.reads,
        )


def both(office: Office, path: str, token: str | None, cursor: str) -> tuple[int, int]:
    """Ask the layer, and Flask without it; return both statuses."""
    layer = office.app.wsgi_app
    assert isinstance(layer, polling.IdlePoll)
    answers = []
    for app in (layer, layer.next):
        office.app.wsgi_app = app  # type: ignore[method-assign]
        client = office.app.test_client()
        if token is not None:
            client.set_cookie("pst_l", token)
        headers = {"HX-Request": "true", "HX-PTag": cursor}
        answers.append(client.get(path, headers=headers).status_code)
    office.app.wsgi_app = layer  # type: ignore[method-assign]
    return answers[0], answers[1]


def test_both_say_the_same_for_every_person_and_cursor(office: Office):
    entries = (0, office.newest_shown - 1, office.newest_shown, office.newest, 999)
    cursors = [f"{entry}.{reads}" for entry in entries for reads in (0, office.reads)]
    cursors += ["", "x", "-1.0", "7", "1.", f"{'9' * 30}.0", "١.١", "1.1.1"]
    numbers = (NUMBER, "KS-2026-000002", "KS-2026-000099", "KS-2026-1", "x")
    for name, token in [*office.tokens.items(), ("stranger", None), ("forged", "zzz")]:
        for number in numbers:
            for cursor in cursors:
                answer = both(office, f"/konsultasi/{number}/pesan", token, cursor)
                assert answer[0] == answer[1], (name, number, cursor, answer)


def test_an_idle_poll_never_reaches_flask(office: Office, monkeypatch):
    def refuse(*_: object) -> None:
        raise AssertionError("went on to Flask")

    monkeypatch.setattr(office.app.wsgi_app, "next", refuse)
    client = office.app.test_client()
    client.set_cookie("pst_l", office.tokens["siti"])

    answer = client.get(
        f"/konsultasi/{NUMBER}/pesan", headers={"HX-PTag": office.all_read}
    )

    assert answer.status_code == 304
    assert not answer.data
    assert list(answer.headers) == []


COUNT = "/petugas/hitungan"


def test_both_count_the_same_for_every_person(office: Office):
    for name, token in [*office.tokens.items(), ("stranger", None), ("forged", "zzz")]:
        for mark in ("0", "1", "2", "3", "", "x", "-1", "9" * 30, "١"):
            answer = both(office, COUNT, token, mark)
            assert answer[0] == answer[1], (name, mark, answer)
    assert both(office, COUNT, office.tokens["budi"], "1") == (304, 304)


def test_an_officers_idle_poll_says_how_many_wait(office: Office):
    client = office.app.test_client()
    client.set_cookie("pst_l", office.tokens["budi"])
    path = f"/konsultasi/{NUMBER}/pesan"
    everything = {"HX-PTag": f"{office.newest}.{office.reads}"}
    answer = client.get(path, headers=everything)
    assert (answer.status_code, answer.headers["Pst-Waiting"]) == (304, "1")

    with office.app.app_context(), transaction():
        siti = User.with_email(email_of("siti"))
        Consultation.ask(siti, Category.DATA, "Baru", "Baru.")

    assert client.get(path, headers=everything).headers["Pst-Waiting"] == "2"
    fresh = client.get(COUNT, headers={"HX-Request": "true", "HX-PTag": "1"})
    assert (fresh.status_code, fresh.headers["HX-PTag"]) == (200, "2")
    assert 'data-waiting="2"' in fresh.text
    with office.app.app_context():
        budi = User.with_email(email_of("budi"))
        assert waiting_for(budi) == Worklist(budi).urgent == 2


@pytest.mark.parametrize(
    "change", ["expired", "inactive", "closed", "signed_out", "read"]
)
def test_both_notice_what_has_changed(office: Office, at, change: str):
    with office.app.app_context(), transaction():
        user = User.with_email(email_of("siti"))
        assert user is not None
        if change == "inactive":
            user.active = False
        if change == "closed":
            consultation = db.session.query(Consultation).filter_by(number=NUMBER).one()
            consultation.close(Reason.RESOLVED, by=user)
        if change == "read":
            consultation = db.session.query(Consultation).filter_by(number=NUMBER).one()
            consultation.read(user, office.newest)
        if change == "signed_out":
            user.log_ins.clear()
    if change == "expired":
        at("2026-04-01 09:00:01+07:00")

    path = f"/konsultasi/{NUMBER}/pesan"
    answer = both(office, path, office.tokens["siti"], office.all_read)

    assert answer == {"closed": (200, 200), "read": (204, 204)}.get(change, (401, 401))


def test_both_send_who_owes_a_second_step_to_set_it_up(office: Office):
    path = f"/konsultasi/{NUMBER}/pesan"
    cursor = f"{office.newest}.{office.reads}"
    assert both(office, path, office.tokens["budi"], cursor) == (304, 304)

    with office.app.app_context(), transaction():
        settings.change({"require_two_step": True})
        rina = User.with_email(email_of("rina"))
        assert rina is not None
        rina.two_step_at = clock.now()

    said = {
        name: both(office, path, token, cursor)
        for name, token in office.tokens.items()
        if name in ("siti", "budi", "rina", "hasan")
    }
    assert said == {
        "siti": (304, 304),
        "budi": (303, 303),
        "rina": (304, 304),
        "hasan": (303, 303),
    }


@pytest.mark.parametrize(("waited_s", "after"), [(0, None), (BUSY_AFTER_S, "30")])
def test_an_idle_poll_is_told_to_come_less_often_when_others_wait(
    waited_s: float, after: str | None, office: Office
):
    ticket = Ticket()
    ticket.since -= waited_s
    office.app.extensions["gate"].turns.waiting.append(ticket)
    client = office.app.test_client()
    client.set_cookie("pst_l", office.tokens["siti"])

    answer = client.get(
        f"/konsultasi/{NUMBER}/pesan", headers={"HX-PTag": office.all_read}
    )

    assert answer.status_code == 304
    assert answer.headers.get("Pst-Poll-After") == after


def test_a_user_whose_window_has_no_focus_is_not_present(office: Office):
    """They are mailed what an officer wrote, as no one looks at their page."""
    seen = office.app.extensions["presence"].seen
    path = f"/konsultasi/{NUMBER}/pesan"

    def poll(name: str, cursor: str, **headers: str) -> None:
        client = office.app.test_client()
        client.set_cookie("pst_l", office.tokens[name])
        answer = client.get(path, headers={"HX-PTag": cursor, **headers})
        assert answer.status_code == 304

    poll("siti", office.all_read, **{"Pst-Away": "1"})
    assert not seen
    poll("budi", f"{office.newest}.{office.reads}", **{"Pst-Away": "1"})
    assert len(seen) == 1  # A colleague has it open, also behind another window.
    poll("siti", office.all_read)
    assert len(seen) == 2


def test_while_many_ask_a_log_in_is_known_and_a_made_up_one_is_not(office):
    layer = office.app.wsgi_app
    assert isinstance(layer, polling.IdlePoll)

    def is_known(token: str) -> bool:
        return layer.knows({"HTTP_COOKIE": f"pst_l={token}"})

    assert all(is_known(token) for token in office.tokens.values())
    assert not is_known("x" * len(office.tokens["siti"]))
    assert not is_known("")
