"""Mails that strangers cause: counted as theirs, and no owner's mail waits."""

import sqlalchemy as sa
from flask import Flask, template_rendered
from jinja2 import Template

from pst.config import ROOT
from pst.consultations.jobs import tell_users
from pst.database import db, transaction
from pst.office import settings
from pst.outbox import due
from pst.outbox.models import OutboxMail
from tests.journeys.mailbox import letters, link_in
from tests.people import email_of
from tests.security.strangers.steps import ELSEWHERE, NEW, Person

DESK = "/petugas/konsultasi/KS-2026-000001"
MAILS = ROOT / "pst" / "templates" / "mails"
NEWCOMER = {
    "name": "Orang Lain",
    "institution_kind": "perorangan",
    "institution": "Perorangan",
    "occupation": "wiraswasta",
    "password": NEW,
    "consent": "y",
}


def test_a_stranger_leaves_the_owners_link_alive_and_the_mailbox_quiet(strict, at):
    owner, andi = Person(strict), Person(strict, "192.0.2.200").log_in("andi")
    owner.post("/lupa-sandi", {"email": email_of("siti")})
    link = link_in(andi, "mengganti kata sandi", "/sandi-baru/")
    for n in range(8):
        stranger = Person(strict, f"198.51.{n}.9")
        stranger.post("/lupa-sandi", {"email": email_of("siti")})
    assert len(letters(andi, "mengganti kata sandi")) == 1

    at("2026-03-02 09:11+07:00")
    Person(strict, ELSEWHERE).post("/lupa-sandi", {"email": email_of("siti")})
    assert len(letters(andi, "mengganti kata sandi")) == 2
    assert owner.post(link, {"password": NEW}).status_code == 303


def test_a_known_browser_gets_its_mail_at_once(strict):
    siti = Person(strict).log_in("siti")
    siti.post("/keluar")
    andi = Person(strict, "192.0.2.200").log_in("andi")
    Person(strict, ELSEWHERE).post("/lupa-sandi", {"email": email_of("siti")})

    siti.post("/lupa-sandi", {"email": email_of("siti")})

    assert len(letters(andi, "mengganti kata sandi")) == 2


def test_strangers_who_register_with_an_address_send_it_one_mail(strict, at):
    andi = Person(strict, "192.0.2.200").log_in("andi")
    form = {**NEWCOMER, "email": email_of("siti")}
    for n in range(4):
        assert Person(strict, f"198.51.{n}.9").post("/daftar", form).location

    assert len(letters(andi, "mencoba mendaftar")) == 1


def test_junk_for_other_links_uses_up_no_reply(strict, at):
    siti, budi = Person(strict).log_in("siti"), Person(strict).log_in("budi")
    request = {"subject": "Jumlah penduduk", "description": "Menurut umur."}
    place = {"area": "Wanadadi", "years": "2025"}
    siti.post("/konsultasi/baru?jenis=data", request | place)
    budi.post(f"{DESK}/pengambilan")
    budi.post(f"{DESK}/pesan", {"body": "Tahun berapa?"})
    at("2026-03-02 09:02+07:00")
    with strict.app_context():
        tell_users()
    andi = Person(strict, "192.0.2.200").log_in("andi")
    link = link_in(andi, "Petugas telah menulis", "/balas/")
    stranger = Person(strict)
    answers = [stranger.post(f"/balas/sembarang-{n}").status_code for n in range(22)]

    assert answers == [404] * 20 + [429] * 2
    assert Person(strict).post(link, {"body": "2025."}).status_code == 303


# What anyone can have mailed to an address that is not theirs, and all other mails.
ASKED_BY_ANYONE = {
    *("account_active", "already_registered", "new_password"),
    *("register_again", "verify_email"),
}
OURS = {
    *("account_expiring", "address_changed", "address_proof", "breach"),
    *("clarity_needed", "closed_duplicate", "closed_no_response", "closed_resolved"),
    *("closing_warning", "digest", "due_soon", "erased", "feedback_noted"),
    *("follow_up", "follow_up_answered", "follow_up_due_soon", "follow_up_opened"),
    *("follow_up_overdue", "invitation", "lamps", "low_rating", "not_read"),
    *("officer_answered", "overdue", "password_changed", "rating_reminder"),
    *("refusals", "reopened", "report_approved", "report_drafted", "report_returned"),
    *("report_sent", "request_received", "test_mail", "trail_end", "two_step"),
    *("reply_not_taken", "unclaimed", "weekly"),
}


def test_it_is_decided_of_every_mail_whether_strangers_can_cause_it():
    kinds = {path.stem for path in MAILS.glob("[!_]*.txt")}

    assert kinds == ASKED_BY_ANYONE | OURS
    assert not ASKED_BY_ANYONE & OURS


def causes(app: Flask) -> dict[str, list[bool]]:
    """By kind, of each mail that is owed, whether a stranger caused it."""
    found: dict[str, list[bool]] = {}
    with app.app_context():
        for row in db.session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id)):
            found.setdefault(row.kind, []).append(row.by_stranger)
    return found


def test_every_mail_that_strangers_can_cause_counts_as_theirs(strict, at):
    stranger = Person(strict, ELSEWHERE)
    stranger.post("/lupa-sandi", {"email": email_of("siti")})
    stranger.post("/verifikasi", {"email": email_of("siti")})
    form = {**NEWCOMER, "email": email_of("dewi")}
    stranger.post("/daftar", form)
    stranger.post("/daftar", {**form, "email": "baru@contoh.id"})
    other = Person(strict, "192.0.2.9")
    other.post("/daftar", {**form, "email": "baru@contoh.id"})
    other.post("/daftar/alamat", {"email": "lain@contoh.id"})
    stranger.post("/daftar/alamat", {"email": "entah@contoh.id"})

    found = causes(strict)

    assert set(found) == ASKED_BY_ANYONE
    assert all(all(flags) for flags in found.values())


def test_as_many_mails_are_written_for_an_address_that_no_one_has(strict):
    def written(email: str) -> list[str]:
        names = []

        def note(_: Flask, template: Template, **__: object) -> None:
            names.append(template.name or "")

        with template_rendered.connected_to(note, strict):
            Person(strict, ELSEWHERE).post("/verifikasi", {"email": email})
        return sorted(name for name in names if name.startswith("mails/"))

    assert written("entah@contoh.id") == written(email_of("siti")) != []


def test_who_is_signed_in_is_a_stranger_to_the_accounts_of_others(strict):
    dewi = Person(strict, ELSEWHERE).log_in("dewi")
    dewi.post("/verifikasi", {"email": email_of("siti")})
    dewi.post("/verifikasi", {"email": email_of("dewi")})

    assert causes(strict)["account_active"] == [True, False]


def test_what_an_owner_asks_for_in_a_known_browser_is_never_held_back(strict):
    siti = Person(strict).log_in("siti")
    siti.post("/keluar")
    with strict.app_context(), transaction():
        settings.change({"mails_per_hour": 10})
        for n in range(5):
            row = OutboxMail.put("erased", to=("x", "x@contoh.id"), cause=f"{n}")
            row.by_stranger = True
            row.mark_sent()
    Person(strict, ELSEWHERE).post("/lupa-sandi", {"email": email_of("siti")})

    siti.post("/lupa-sandi", {"email": email_of("siti")})
    siti.post("/verifikasi", {"email": email_of("siti")})

    assert causes(strict)["new_password"] == [True, False]
    assert causes(strict)["account_active"] == [False]
    with strict.app_context():
        first = due.take()
        assert first is not None
        assert (first.kind, first.by_stranger) == ("new_password", False)
