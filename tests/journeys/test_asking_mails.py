"""How often someone may ask for a mail: what is refused sends none and counts none."""

from tests.journeys.conftest import Browser, hidden
from tests.journeys.mailbox import letters
from tests.people import email_of
from tests.steps import TUTI


def test_refused_passwords_lock_no_one_out(strict):
    tuti = Browser(strict)
    for _ in range(6):
        assert tuti.post("/daftar", {**TUTI, "password": "lemah"}).status_code == 422

    assert tuti.post("/daftar", TUTI).location == "/daftar/terkirim"


def test_the_sixth_mail_to_an_address_waits_and_the_form_stays_filled(strict):
    tuti, andi = Browser(strict), Browser(strict).log_in("andi")
    for _ in range(5):
        assert tuti.post("/daftar", TUTI).status_code == 303
    sent = len(letters(andi))

    refused = tuti.post("/daftar", TUTI)

    assert refused.status_code == 429
    assert "coba lagi dalam 15 menit" in refused.text
    assert 'value="Tuti Handayani"' in refused.text
    assert TUTI["password"] in refused.text, "not typed again"
    assert len(letters(andi)) == sent


def test_the_wait_is_the_same_whether_an_account_exists(strict):
    said = []
    for email in (email_of("siti"), "siapa@contoh.test"):
        visitor = Browser(strict)
        for _ in range(6):
            answer = visitor.post("/lupa-sandi", {"email": email})
        assert answer.status_code == 429
        token = hidden(answer.text, "csrf_token")
        said.append(answer.text.replace(email, "…").replace(token, "…"))

    assert said[0] == said[1]


def test_a_link_by_mail_is_given_however_often_someone_registered(strict):
    tuti = Browser(strict)
    for _ in range(6):
        tuti.post("/daftar", TUTI)

    email = {"email": TUTI["email"]}
    assert tuti.post("/lupa-sandi", email).location == "/lupa-sandi/terkirim"
    assert tuti.post("/verifikasi", email).location == "/daftar/terkirim"


def test_mails_may_be_asked_for_again_after_a_while(strict, at):
    siti = Browser(strict)
    for _ in range(6):
        answer = siti.post("/lupa-sandi", {"email": email_of("siti")})
    assert answer.status_code == 429

    at("2026-03-02 09:15:01+07:00")
    assert siti.post("/lupa-sandi", {"email": email_of("siti")}).status_code == 303
