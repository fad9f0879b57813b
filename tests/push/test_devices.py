"""Whose a device is, which there may be, and when it goes."""

import re

import pytest
from flask import Flask

from pst.accounts.users import User
from pst.database import db, transaction
from pst.personal_data.erasure import erase
from pst.push.devices import MAX_DEVICES, PushDevice
from pst.push.jobs import deliver_notices
from pst.rules import WrongState
from tests.journeys.conftest import Browser
from tests.push.steps import Maker, Subscription, add

PAGE = "/akun/perangkat-pemberitahuan"


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
