"""Notices on devices, against a real service that takes or refuses them."""

import base64
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from joserfc import jwt
from joserfc.jwk import ECKey

from pst import clock
from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.states import Category, Next
from pst.database import db, transaction
from pst.lamps import Lamp
from pst.outward.calls import Party
from pst.personal_data.erasure import erase
from pst.push import devices, sealing
from pst.push.devices import MAX_DEVICES, PushDevice
from pst.push.jobs import deliver_notices
from pst.push.notices import Kind, PushNotice, loud_from
from pst.rules import WrongState
from pst.server.outward_config import Outward
from tests.journeys.conftest import Browser
from tests.processes import HOST
from tests.web_server import Answer, Request, WebServer

PAGE = "/akun/perangkat-pemberitahuan"


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Subscription:
    """What a browser has: its keys, and where its maker takes notices for it."""

    def __init__(self, url: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)
        self.endpoint = f"{url}/{base64url(os.urandom(9))}"
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.form = {
            "endpoint": self.endpoint,
            "public_key": base64url(point),
            "secret": base64url(self.auth),
        }

    def opened(self, request: Request) -> dict[str, str]:
        """Open a notice as the browser does."""
        text = http_ece.decrypt(
            request.body,
            private_key=self.key,
            auth_secret=self.auth,
            version="aes128gcm",
        )
        return json.loads(text)


class Maker(WebServer):
    """The service of a browser's maker."""

    def __init__(self) -> None:
        super().__init__(lambda request: self.answers)
        self.answers = Answer(b"", 201)


@pytest.fixture
def maker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Maker]:
    monkeypatch.setattr(devices, "PUSH", Party("push", (HOST,), timeout_s=0.5))
    monkeypatch.setattr(devices, "SCHEMES", ("http",))
    with Maker() as server:
        yield server


@pytest.fixture
def app(app: Flask) -> Flask:
    here = Outward(private_hosts=frozenset([HOST]))
    app.config["PST"] = replace(app.config["PST"], outward=here)
    return app


def add(person: User, maker: Maker) -> Subscription:
    subscription = Subscription(maker.url)
    with transaction():
        PushDevice.add(person, *subscription.form.values(), "Chrome di Android")
    return subscription


def owed() -> int:
    return db.session.scalar(db.select(db.func.count(PushNotice.id))) or 0


@pytest.mark.parametrize("then", [Next.USER, Next.DONE])
def test_an_answer_reaches_the_users_devices_without_its_words(
    consultation: Consultation, siti: User, budi: User, maker: Maker, then: Next
):
    phone, tablet = add(siti, maker), add(siti, maker)
    with transaction():
        consultation.claim(budi)
        consultation.say(budi, "Jumlah penduduk 43.210 jiwa.", then=then)
    deliver_notices()

    paths = {request.path: request for request in maker.requests}
    for each in (phone, tablet):
        request = paths[each.endpoint.removeprefix(maker.url)]
        notice = each.opened(request)
        assert notice["url"] == f"/konsultasi/{consultation.number}"
        assert notice["body"] == "Ada jawaban untuk Anda."
        assert b"43.210" not in request.body
        assert request.headers["ttl"].isdigit()
    assert owed() == 0
    deliver_notices()
    assert len(maker.requests) == 2


def test_words_that_are_not_the_answer_reach_no_device(
    consultation: Consultation, siti: User, budi: User, maker: Maker
):
    add(siti, maker)
    with transaction():
        consultation.claim(budi)
        consultation.say(budi, "Mohon ditunggu.", then=Next.OFFICER)

    assert owed() == 0


def test_who_is_on_duty_hears_of_a_new_request(
    siti: User, budi: User, maker: Maker, at: Callable
):
    mine = add(budi, maker)
    with transaction():
        Consultation.ask(siti, Category.DATA, "Inflasi", "Inflasi 2025 berapa?")
    deliver_notices()

    notice = mine.opened(maker.requests[0])
    assert (notice["body"], notice["url"]) == ("Ada permintaan baru.", "/petugas")


def test_the_service_sees_that_it_comes_from_us(siti: User, maker: Maker, app: Flask):
    add(siti, maker)
    with transaction():
        PushNotice.put(siti, Kind.TRIAL, "/akun")
    deliver_notices()

    match = re.fullmatch(
        r"vapid t=([^,]+), k=(.+)", maker.requests[0].headers["authorization"]
    )
    assert match
    known = sealing.public_key(app.config["PST"].secret_key)
    assert match[2] == known
    point = devices.decoded(known)
    numbers = {"x": base64url(point[1:33]), "y": base64url(point[33:])}
    key = ECKey.import_key({"kty": "EC", "crv": "P-256", **numbers})
    claims = jwt.decode(match[1], key, ["ES256"]).claims
    assert claims["aud"] == maker.url
    assert 0 < claims["exp"] - clock.now().timestamp() <= 24 * 3600
    assert claims["sub"].startswith(("mailto:", "http"))


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(siti: User, maker: Maker, status: int):
    add(siti, maker)
    maker.answers = Answer(b"", status)
    with transaction():
        PushNotice.put(siti, Kind.TRIAL, "/akun")
    deliver_notices()

    assert not PushDevice.of(siti)
    assert owed() == 0


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"", 503),
        Answer(b"", 429),
        Answer(b"", hangs=True),
        Answer(b"x" * 100, 201, cut=3),
        Answer(b"", 302, {"Location": "http://169.254.169.254/"}),
    ],
)
def test_trouble_is_tried_again_and_given_up_in_the_end(
    siti: User, maker: Maker, at: Callable, answer: Answer
):
    add(siti, maker)
    maker.answers = answer
    with transaction():
        PushNotice.put(siti, Kind.TRIAL, "/akun")
    deliver_notices()
    deliver_notices()  # not at once
    is_refused = answer.status == 302
    assert len(maker.requests) == 1 and owed() == (0 if is_refused else 1)

    if not is_refused:
        maker.answers = Answer(b"", 201)
        at(clock.now() + timedelta(minutes=3))
        deliver_notices()
        assert len(maker.requests) == 2 and owed() == 0
        with transaction():
            PushNotice.put(siti, Kind.TRIAL, "/akun")
        at(clock.now() + timedelta(hours=13))
        deliver_notices()
        assert len(maker.requests) == 2 and owed() == 0  # too old to say anything


def test_a_service_that_does_not_answer_turns_the_lamp(siti: User, maker: Maker):
    add(siti, maker)
    maker.answers = Answer(b"", hangs=True)
    with transaction():
        PushNotice.put(siti, Kind.TRIAL, "/akun")
    deliver_notices()

    assert db.session.get(Lamp, "push").level == "warn"


@pytest.mark.parametrize(
    ("moment", "loud"),
    [
        ("2026-03-02 20:59+07:00", "2026-03-02 20:59+07:00"),
        ("2026-03-02 21:00+07:00", "2026-03-03 06:00+07:00"),
        ("2026-03-03 05:59+07:00", "2026-03-03 06:00+07:00"),
        ("2026-03-03 06:00+07:00", "2026-03-03 06:00+07:00"),
    ],
)
def test_in_the_night_no_device_rings(context, at: Callable, moment: str, loud: str):
    at(moment)
    now = clock.now()
    at(loud)

    assert loud_from(now) == clock.now()


def test_a_device_is_listed_and_removable_by_its_owner_alone(
    app: Flask, at: object, maker: Maker
):
    siti, dewi = Browser(app).log_in("siti"), Browser(app).log_in("dewi")
    assert siti.post(PAGE, Subscription(maker.url).form).status_code == 303
    page = siti.get(PAGE).text
    remove = re.search(rf'action="({PAGE}/\d+/penghapusan)"', page)
    assert remove

    assert dewi.post(remove[1]).status_code == 404
    assert siti.post(f"{PAGE}/percobaan").status_code == 303
    with app.app_context():
        deliver_notices()
    assert len(maker.requests) == 1
    assert siti.post(remove[1]).status_code == 303
    assert "Belum ada perangkat" in siti.get(PAGE).text


def test_a_browser_belongs_to_who_switched_it_on_last(
    siti: User, dewi: User, maker: Maker
):
    subscription = add(siti, maker)
    with transaction():
        PushDevice.add(dewi, *subscription.form.values(), "Chrome")

    assert not PushDevice.of(siti) and len(PushDevice.of(dewi)) == 1


def test_there_are_so_many_devices_and_no_more(siti: User, maker: Maker):
    for _ in range(MAX_DEVICES):
        add(siti, maker)
    with pytest.raises(WrongState):
        add(siti, maker)


@pytest.mark.parametrize(
    "changed",
    [
        {"endpoint": "http://169.254.169.254/latest"},
        {"endpoint": "https://fcm.googleapis.com.lain.test/x"},
        {"endpoint": "https://lain.test/fcm.googleapis.com"},
        {"endpoint": "file:///etc/passwd"},
        {"endpoint": "https://fcm.googleapis.com/" + "x" * 2_000},
        {"endpoint": ""},
        {"public_key": "AAAA"},
        {"public_key": "B" * 87 + "!"},
        {"secret": "x" * 100_000},
        {"secret": ""},
    ],
)
def test_only_what_a_browser_gives_is_a_device(app: Flask, at: object, changed: dict):
    whole = Subscription("https://fcm.googleapis.com/fcm/send").form
    browser = Browser(app).log_in("siti")

    assert browser.post(PAGE, {**whole, **changed}).status_code == 409
    assert "Belum ada perangkat" in browser.get(PAGE).text
    assert browser.post(PAGE, whole).status_code == 303


def test_an_erased_person_has_no_devices(siti: User, maker: Maker):
    add(siti, maker)
    with transaction():
        erase(siti, by=None)

    assert db.session.scalar(db.select(PushDevice)) is None


def test_nothing_of_it_is_loaded_by_who_does_not_want_it(app: Flask, at: object):
    visitor = Browser(app)
    home = visitor.get("/").text
    assert "manifest" not in home and "push" not in home

    manifest = visitor.get("/manifest.webmanifest")
    assert manifest.get_json()["start_url"] == "/"
    worker = visitor.get("/pekerja.js")
    assert worker.content_type.startswith("text/javascript")
    assert "caches" not in worker.text and "fetch" not in worker.text
