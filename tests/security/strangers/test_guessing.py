"""Guesses of a stranger keep no owner waiting: passwords, codes and confirmations."""

from threading import Thread

import pyotp
import pytest
import sqlalchemy as sa

from pst.accounts.log_in.two_step import TwoStep
from pst.accounts.users import User
from pst.database import db, transaction
from pst.office.audit import AuditEntry
from tests.journeys.mailbox import link_in
from tests.people import PASSWORD, email_of
from tests.security.strangers.steps import ELSEWHERE, NEW, OFFICE, WRONG, Person


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
