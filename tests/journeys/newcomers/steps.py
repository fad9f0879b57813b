"""What a newcomer writes and gives."""

from flask import Flask

from pst.database import db
from tests.journeys.conftest import Browser

NEW = "rumah-kecil-di-tepi-serayu"
ASK = "/konsultasi/baru?jenis=metadata"
REQUEST = {
    "subject": "Konsep pengangguran",
    "description": "Mohon dijelaskan bedanya.",
    "concept": "Pengangguran terbuka",
    "key": "kunci-satu",
}
ACCOUNT = {
    "account-name": "Tuti Handayani",
    "account-email": "tuti@contoh.test",
    "account-institution_kind": "perorangan",
    "account-institution": "Perorangan",
    "account-occupation": "wiraswasta",
    "account-password": NEW,
    "account-consent": "y",
}
MAIL = "Terima kasih telah mendaftar"


def ask(browser: Browser, **changed: str):
    return browser.post(ASK, {**REQUEST, **ACCOUNT, **changed})


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(model)) or 0
