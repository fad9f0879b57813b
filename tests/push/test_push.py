"""Notices on devices, against a real service that takes or refuses them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import ECKey

from pst import clock
from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.states import Category, Next
from pst.database import db, transaction
from pst.lamps import Lamp
from pst.push import devices, sealing
from pst.push.devices import PushDevice
from pst.push.jobs import deliver_notices
from pst.push.notices import NoticeKind, PushNotice, loud_from
from tests.push.steps import Maker, add, base64url
from tests.web_server import Answer


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
        PushNotice.put(siti, NoticeKind.TRIAL, "/akun")
    deliver_notices()

    match = re.fullmatch(
        r"vapid t=([^,]+), k=(.+)", maker.requests[0].headers["authorization"]
    )
    assert match
    public_key = sealing.public_key(app.config["PST"].secret_key)
    assert match[2] == public_key
    point = devices.decoded(public_key)
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
        PushNotice.put(siti, NoticeKind.TRIAL, "/akun")
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
        PushNotice.put(siti, NoticeKind.TRIAL, "/akun")
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
            PushNotice.put(siti, NoticeKind.TRIAL, "/akun")
        at(clock.now() + timedelta(hours=13))
        deliver_notices()
        assert len(maker.requests) == 2 and owed() == 0  # too old to say anything


def test_a_service_that_does_not_answer_turns_the_lamp(siti: User, maker: Maker):
    add(siti, maker)
    maker.answers = Answer(b"", hangs=True)
    with transaction():
        PushNotice.put(siti, NoticeKind.TRIAL, "/akun")
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
