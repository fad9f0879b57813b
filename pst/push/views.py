"""Switching notices on in a browser, and off; the worker script and the manifest."""

import importlib
from functools import cache

from flask import (
    Blueprint,
    current_app,
    flash,
    jsonify,
    make_response,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.accounts.log_in.devices import device as device_name
from pst.database import db
from pst.office import settings
from pst.push.devices import PushDevice
from pst.push.notices import NoticeKind, PushNotice
from pst.web import bundles
from pst.web.access import everyone, hide, signed_in
from pst.web.responses import done, page

bp = Blueprint("push", __name__)


@bp.get("/akun/perangkat-pemberitahuan")
@signed_in
def devices() -> ResponseReturnValue:
    sealing = importlib.import_module("pst.push.sealing")
    return page(
        "push/devices.html",
        devices=PushDevice.of(current_user),
        server_key=sealing.public_key(current_app.config["PST"].secret_key),
    )


@bp.post("/akun/perangkat-pemberitahuan")
@signed_in
def add() -> ResponseReturnValue:
    """Note the browser that asks; what it gave comes as a form, by script."""
    PushDevice.add(
        current_user,
        request.form.get("endpoint", ""),
        request.form.get("public_key", ""),
        request.form.get("secret", ""),
        device_name(request.user_agent.string),
    )
    db.session.commit()
    flash("Pemberitahuan di peramban ini dinyalakan.")
    return done(url_for(".devices"))


@bp.post("/akun/perangkat-pemberitahuan/<int:id>/penghapusan")
@signed_in
def remove(id: int) -> ResponseReturnValue:
    device = db.session.get(PushDevice, id)
    if device is None or device.user_id != current_user.id:
        hide()
    db.session.delete(device)
    db.session.commit()
    flash("Perangkat dihapus dari daftar pemberitahuan.")
    return done(url_for(".devices"))


@bp.post("/akun/perangkat-pemberitahuan/percobaan")
@signed_in
def test() -> ResponseReturnValue:
    """Send a notice to each device of the person, to see that it comes."""
    PushNotice.put(current_user, NoticeKind.TRIAL, url_for(".devices"))
    db.session.commit()
    flash("Pemberitahuan percobaan dikirim.")
    return done(url_for(".devices"))


@bp.get("/pekerja.js")
@everyone
def worker() -> ResponseReturnValue:
    """Send the script that shows notices; it stands at the top to see all pages."""
    response = make_response(_worker())
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/manifest.webmanifest")
@everyone
def manifest() -> ResponseReturnValue:
    """Describe the service to a phone that puts it among its programs."""
    office = settings.current()
    response = jsonify(
        name=f"{office.service_name} · {office.office_name}",
        short_name=office.service_name,
        start_url="/",
        scope="/",
        display="minimal-ui",
        lang="id",
        background_color="#ffffff",
        theme_color="#0b5c78",
        icons=[
            {"src": _icon(), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
        ],
    )
    response.headers["Content-Type"] = "application/manifest+json"
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@cache
def _worker() -> bytes:
    return bundles.script("js/push/worker.js", [])


def _icon() -> str:
    address: str = current_app.jinja_env.globals["asset"]("icon.svg")  # type: ignore[operator]
    return address
