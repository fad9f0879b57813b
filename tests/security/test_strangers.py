"""What a stranger does costs the stranger: no owner is shut out, held up or left out.

Every limit is on, and each test asks what it does to others.
"""

from threading import Thread

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask, template_rendered
from jinja2 import Template

from pst.accounts.log_in.two_step import TwoStep
from pst.accounts.users import User
from pst.config import ROOT
from pst.consultations.jobs import tell_users
from pst.database import db, transaction
from pst.office import settings
from pst.office.audit import AuditEntry
from pst.outbox import due
from pst.outbox.models import OutboxMail
from tests.journeys.conftest import Browser
from tests.journeys.mailbox import letters, link_in
from tests.people import PASSWORD, email_of

WRONG = "bukan-kata-sandinya"
NEW = "rumah-kecil-di-tepi-serayu"
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
OFFICE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


class Person(Browser):
    """A browser in a network."""

    def __init__(self, app: Flask, network: str = OFFICE) -> None:
        super().__init__(app)
        self.client.environ_base["REMOTE_ADDR"] = network

    def guess(self, name: str, password: str = WRONG) -> int:
        fields = {"email": email_of(name), "password": password}
        return self.post("/masuk", fields).status_code


@pytest.fixture
def app_of_budi(strict) -> pyotp.TOTP:
    """Budi's second step is on; this is his telephone."""
    with strict.app_context(), transaction():
        budi = User.with_email(email_of("budi"))
        assert budi is not None
        row = TwoStep.start(budi)
        db.session.flush()
        telephone = pyotp.TOTP(row.secret)
        assert row.enable(telephone.now())
    return telephone


def code(telephone: pyotp.TOTP, at, minute: int) -> str:
    """The code that the telephone shows some time later: each works once."""
    at(f"2026-03-02 09:{minute:02}+07:00")
    return telephone.now()


def give_code(person: Person, typed: str) -> int:
    return person.post("/masuk/kode", {"code": typed}).status_code


def test_wrong_codes_keep_only_their_network_waiting(strict, app_of_budi, at):
    thief, budi = Person(strict, ELSEWHERE), Person(strict)
    assert thief.guess("budi", PASSWORD) == budi.guess("budi", PASSWORD) == 303
    assert [give_code(thief, "000000") for _ in range(5)] == [422] * 5

    right = code(app_of_budi, at, 0)
    assert give_code(thief, right) == 429, "even the right one is not looked at"
    assert give_code(budi, code(app_of_budi, at, 1)) == 303
    answer = budi.post("/akun/kata-sandi", {"current": PASSWORD, "password": NEW})
    assert answer.status_code == 303


def test_an_owner_recovers_the_account_while_a_thief_guesses(strict, app_of_budi, at):
    for n in range(13):  # one who knows the password guesses from many networks
        thief = Person(strict, f"198.51.{n}.9")
        thief.guess("budi", PASSWORD)
        for _ in range(5):
            give_code(thief, "000000")
    unknown = Person(strict)
    unknown.guess("budi", PASSWORD)
    assert give_code(unknown, code(app_of_budi, at, 0)) == 429

    budi, andi = Person(strict), Person(strict, "192.0.2.200").log_in("andi")
    budi.post("/lupa-sandi", {"email": email_of("budi")})
    link = link_in(andi, "mengganti kata sandi", "/sandi-baru/")
    assert budi.post(link, {"password": NEW}).status_code == 303
    assert budi.guess("budi", NEW) == 303
    assert give_code(budi, code(app_of_budi, at, 1)) == 303
    assert thief.guess("budi", PASSWORD) != 303


@pytest.mark.parametrize(
    ("path", "field", "more"),
    [
        ("/akun/konfirmasi", "password", {}),
        ("/akun/kata-sandi", "current", {"password": NEW}),
    ],
)
def test_wrong_confirmations_are_counted_for_the_log_in_they_are_given_in(
    strict, path, field, more
):
    thief, siti = Person(strict).log_in("siti"), Person(strict).log_in("siti")
    for _ in range(5):
        refused = thief.post(path, {field: WRONG, **more})
        assert "idak cocok" in refused.text

    answer = thief.post(path, {field: PASSWORD, **more})
    assert "Terlalu banyak percobaan" in answer.text
    assert siti.post(path, {field: PASSWORD, **more}).status_code == 303


def test_a_right_confirmation_forgets_the_wrong_ones(strict, at):
    siti = Person(strict).log_in("siti")
    for n in range(3):
        for _ in range(4):
            siti.post("/akun/konfirmasi", {"password": WRONG})
        right = siti.post("/akun/konfirmasi", {"password": PASSWORD})
        assert right.status_code == 303, n


def test_wrong_passwords_for_a_link_keep_only_their_network_waiting(strict):
    tuti = {
        "name": "Tuti Handayani",
        "institution_kind": "perorangan",
        "institution": "Perorangan",
        "occupation": "wiraswasta",
        "email": "tuti@contoh.test",
        "password": NEW,
        "consent": "y",
    }
    Person(strict).post("/daftar", tuti)
    andi = Person(strict, "192.0.2.200").log_in("andi")
    link = link_in(andi, "Terima kasih telah mendaftar", "/verifikasi/")
    stranger, phone = Person(strict, ELSEWHERE), Person(strict, "192.0.2.44")
    for _ in range(5):
        assert "tidak cocok" in stranger.post(link, {"password": WRONG}).text

    assert "Terlalu banyak" in stranger.post(link, {"password": NEW}).text
    assert phone.post(link, {"password": NEW}).status_code == 303


def test_junk_from_one_network_shuts_no_colleague_out(strict, app_of_budi, at):
    junk = Person(strict)
    for n in range(70):
        path = ("/masuk", "/masuk/kode", "/daftar", "/lupa-sandi")[n % 4]
        junk.post(path, {"email": f"orang{n}@contoh.test", "password": WRONG})
        junk.client.post(path, data={"email": "tanpa token"})
        junk.post(f"/sandi-baru/sembarang-{n}")

    budi, siti = Person(strict), Person(strict)
    assert siti.guess("siti", PASSWORD) == 303
    assert budi.guess("budi", PASSWORD) == 303
    assert give_code(budi, code(app_of_budi, at, 1)) == 303
    sent = Person(strict).post("/lupa-sandi", {"email": email_of("dewi")})
    assert sent.status_code == 303


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


def test_of_twenty_guesses_at_once_five_are_looked_at(strict):
    people = [Person(strict) for _ in range(20)]
    tokens = [person.token() for person in people]
    answers = []

    def guess(person: Person, token: str) -> None:
        form = {"email": email_of("siti"), "password": WRONG, "csrf_token": token}
        answers.append(person.client.post("/masuk", data=form).status_code)

    threads = [
        Thread(target=guess, args=each) for each in zip(people, tokens, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with strict.app_context():
        looked_at = sa.select(sa.func.count()).where(
            AuditEntry.action == "log_in_failed"
        )
        assert db.session.scalar(looked_at) == 5
    assert answers.count(422) == 5
    # The rest waits for the guesses, or for a place: one network has half of them.
    assert {status for status in answers if status != 422} <= {429, 503}
    assert Person(strict, ELSEWHERE).guess("siti", PASSWORD) == 303


def test_the_many_networks_of_one_ipv6_site_are_counted_together(strict):
    site = [Person(strict, f"2001:db8:5:{n:x}::1").guess("siti") for n in range(11)]

    assert site == [422] * 10 + [429]
    assert Person(strict, "2001:db8:6::1").guess("siti", PASSWORD) == 303
    mapped = [Person(strict, f"::ffff:{OFFICE}").guess("dewi") for _ in range(5)]
    assert mapped == [422] * 5
    assert Person(strict, OFFICE).guess("dewi", PASSWORD) == 429


def test_a_browser_is_known_to_everyone_who_logged_in_from_it(strict):
    shared = Person(strict)
    for name in ("siti", "dewi"):
        shared.log_in(name)
        shared.post("/keluar")
    for _ in range(6):
        Person(strict).guess("siti")
        Person(strict).guess("dewi")

    assert Person(strict).guess("siti", PASSWORD) == 429
    assert shared.guess("siti", PASSWORD) == 303
    shared.post("/keluar")
    assert shared.guess("dewi", PASSWORD) == 303


def test_a_known_browser_still_guesses_at_its_own_cost(strict):
    shared = Person(strict)
    shared.log_in("siti")
    shared.post("/keluar")

    assert [shared.guess("siti") for _ in range(5)] == [422] * 5
    assert shared.guess("siti", PASSWORD) == 429


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
