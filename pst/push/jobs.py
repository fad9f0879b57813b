"""What the timetable does with notices: hand them over, and forget gone devices."""

import importlib
import logging
from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template_string

from pst import lamps
from pst.database import db, transaction
from pst.office import settings
from pst.outward import calls
from pst.push import devices
from pst.push.notices import LASTS, PushNotice

log = logging.getLogger(__name__)
TAKEN = (200, 201, 202, 204)
# The service says that this browser takes no notices any more.
GONE = (404, 410)
WORDS = "{% from 'push/_words.html' import push_words %}{{ push_words(kind) }}"

lamps.register(devices.PUSH.name)


@dataclass(frozen=True)
class Facts:
    """What one notice says, and to which browser."""

    endpoint: str
    keys: tuple[bytes, bytes]
    contact: str
    text: dict[str, str]


def deliver_notices() -> None:
    """Hand over every notice that is due, holding no lock while services think."""
    while True:
        with transaction():
            notice = PushNotice.take_due()
            if notice is None:
                return
            if notice.is_over:
                db.session.delete(notice)
                continue
            id, device_id = notice.id, notice.device_id
            facts = _facts(notice)
        try:
            status = calls.ask(devices.PUSH, **_sealed(facts)).status
        except calls.CallFailure as error:
            calls.note(devices.PUSH, lamps.Level.WARN, error.reason)
            continue
        _note(id, device_id, status)


def _facts(notice: PushNotice) -> Facts:
    """Return what a request is made of, so that sealing holds no lock."""
    device, office = notice.device, settings.current()
    return Facts(
        endpoint=device.endpoint,
        keys=(devices.decoded(device.public_key), devices.decoded(device.secret)),
        contact=f"mailto:{office.email}" if office.email else "",
        text={
            "title": office.service_name,
            "body": render_template_string(WORDS, kind=notice.kind).strip(),
            "url": notice.path,
        },
    )


def _sealed(facts: Facts) -> dict[str, Any]:
    """Return the request that carries a notice."""
    sealing = importlib.import_module("pst.push.sealing")
    config = current_app.config["PST"]
    contact, lasts_s = facts.contact or config.base_url, int(LASTS.total_seconds())
    headers = sealing.headers(facts.endpoint, config.secret_key, contact, lasts_s)
    body = sealing.sealed(facts.text, *facts.keys)
    return {"url": facts.endpoint, "method": "POST", "headers": headers, "body": body}


def _note(id: int, device_id: int, status: int) -> None:
    """Note what the service said: taken, gone, or to be tried again."""
    with transaction():
        notice = db.session.get(PushNotice, id)
        if notice is None:
            return
        if status in GONE:
            log.info("push device %s is gone", device_id)
            db.session.delete(notice.device)
        elif status in TAKEN:
            notice.device.reached_at = notice.created_at
            db.session.delete(notice)
        elif status < 500 and status != 429:
            log.warning("push notice %s was refused: %s", id, status)
            db.session.delete(notice)
    if status in (*TAKEN, *GONE):
        calls.note(devices.PUSH, lamps.Level.GOOD)
