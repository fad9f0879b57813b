"""Registering, and verifying the address."""

import pytest

from tests.journeys.mailbox import letters, link_in
from tests.people import email_of
from tests.steps import NEW, TUTI, log_in


def test_someone_registers_verifies_and_logs_in(visitor, andi):
    assert visitor.post("/daftar", TUTI).location == "/daftar/terkirim"
    assert "tuti@contoh.test" in visitor.get("/daftar/terkirim").text

    link = link_in(andi, "Terima kasih telah mendaftar", "/verifikasi/")
    assert "tuti@contoh.test" in visitor.get(link).text
    assert visitor.post(link).location == "/konsultasi"
    assert "Email Anda sudah terverifikasi." in visitor.get("/konsultasi").text
    visitor.post("/keluar")

    assert log_in(visitor, "Tuti@Contoh.test ", NEW).location == "/konsultasi"
    assert "belum terverifikasi" not in visitor.get("/akun").text


def test_without_consent_there_is_no_account(visitor, andi):
    answer = visitor.post("/daftar", {**TUTI, "consent": ""})

    assert answer.status_code == 422
    assert "Persetujuan diperlukan" in answer.text
    assert "Tuti Handayani" in answer.text, "what was typed is still there"
    assert NEW in answer.text, "also the password, so that it is not typed again"
    assert "no-store" in answer.headers["Cache-Control"], "and no browser keeps it"
    assert not letters(andi)


def test_a_refused_registration_says_what_is_wrong_next_to_each_field(visitor):
    answer = visitor.post(
        "/daftar", {**TUTI, "name": " ", "email": "tuti@", "password": "pendek"}
    )

    assert answer.status_code == 422
    for sentence in (
        "Nama lengkap wajib diisi.",
        "Alamat email tidak valid. Contoh: nama@contoh.go.id",
        "Kata sandi paling sedikit 12 karakter.",
    ):
        assert sentence in answer.text


EVIL = "Nasabah,\n\nAkun Anda diblokir. Buka https://jahat.example/klaim"


def test_a_mail_to_an_unproved_address_says_nothing_that_a_stranger_wrote(
    browser, andi
):
    stranger = browser()

    for name in ("Nasabah, akun Anda diblokir", "Nasabah jahat.example/klaim"):
        assert stranger.post("/daftar", {**TUTI, "name": name}).status_code == 303
    stranger.post("/lupa-sandi", {"email": TUTI["email"]})

    mails = letters(andi)
    assert len(mails) == 3
    for mail in mails:
        assert "Nasabah" not in mail and "jahat" not in mail
        assert "Yth. Pengguna layanan," in mail
    assert "Nasabah" not in andi.get("/admin/surel").text


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (EVIL, "Jangan menulis alamat situs di sini."),
        ("Nasabah,\n\nAkun Anda", "Isian ini hanya satu baris."),
        ("Nasabah\tAkun", "Isian ini hanya satu baris."),
        ("Buka https://jahat.example", "Jangan menulis alamat situs di sini."),
        ("Buka WWW.jahat.example", "Jangan menulis alamat situs di sini."),
    ],
)
def test_a_name_is_one_line_and_no_address(visitor, andi, name: str, sentence: str):
    answer = visitor.post("/daftar", {**TUTI, "name": name})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert not letters(andi)


def test_a_verification_link_works_once(visitor, browser, andi):
    visitor.post("/daftar", TUTI)
    link = link_in(andi, "Terima kasih telah mendaftar", "/verifikasi/")
    visitor.post(link)

    again = visitor.get(link)

    assert again.status_code == 200
    assert "sudah terverifikasi" in again.text
    assert 'href="/akun"' in again.text
    assert 'href="/masuk"' in browser().get(link).text
    assert "sudah terverifikasi" in visitor.post(link).text, "pressed twice"


def test_a_verification_link_expires_after_two_days(visitor, andi, at):
    visitor.post("/daftar", TUTI)
    link = link_in(andi, "Terima kasih telah mendaftar", "/verifikasi/")

    at("2026-03-04 08:59+07:00")
    assert visitor.get(link).status_code == 200

    at("2026-03-04 09:00+07:00")
    assert visitor.get(link).status_code == 410
    assert visitor.post(link).status_code == 410


def test_a_new_verification_link_leaves_the_older_one_alive(visitor, andi):
    visitor.post("/daftar", TUTI)
    first = link_in(andi, "Terima kasih telah mendaftar", "/verifikasi/")

    visitor.post("/verifikasi", {"email": "tuti@contoh.test"})

    second = link_in(andi, "Terima kasih telah mendaftar", "/verifikasi/")
    assert second != first
    assert visitor.post(first).status_code == 303
    assert "sudah terverifikasi" in visitor.get(second).text


def test_registering_a_known_address_answers_like_a_new_one(visitor, andi):
    answer = visitor.post("/daftar", {**TUTI, "email": email_of("siti")})
    new = visitor.post("/daftar", TUTI)

    assert (answer.status_code, answer.location) == (new.status_code, new.location)
    assert letters(andi, "Yth. Siti Rahayu")[0].count("sudah memiliki akun") == 1
    assert log_in(visitor, email_of("siti"), NEW).status_code == 422


def test_the_last_registration_of_an_unverified_address_counts(browser, andi):
    stranger, tuti = browser(), browser()
    stranger.post("/daftar", {**TUTI, "password": "kata-sandi-orang-lain"})
    log_in(stranger, "tuti@contoh.test", "kata-sandi-orang-lain")

    tuti.post("/daftar", TUTI)
    tuti.post(link_in(andi, "Terima kasih telah mendaftar", "/verifikasi/"))

    assert stranger.get("/akun").status_code == 302, "no longer signed in"
    assert (
        log_in(browser(), "tuti@contoh.test", "kata-sandi-orang-lain").status_code
        == 422
    )
    assert log_in(tuti, "tuti@contoh.test", NEW).status_code == 303


def test_a_person_without_a_verified_address_can_log_in_but_is_told(visitor, andi):
    visitor.post("/daftar", TUTI)

    assert log_in(visitor, "tuti@contoh.test", NEW).status_code == 303
    assert "belum terverifikasi" in visitor.get("/akun").text


def test_no_one_verifies_what_a_stranger_registered(browser, andi):
    """The one who registers with her address has chosen the password; she has not."""
    stranger, tuti = browser(), browser()
    stranger.post("/daftar", TUTI)
    link = link_in(andi, "Terima kasih telah mendaftar", "/verifikasi/")

    assert "yang Anda pilih saat mendaftar" in tuti.get(link).text
    assert tuti.post(link).status_code == 422
    refused = tuti.post(link, {"password": "kata-sandi-tuti-sendiri"})
    assert refused.status_code == 422
    assert "tidak cocok" in refused.text

    log_in(stranger, "tuti@contoh.test", NEW)
    assert "belum terverifikasi" in stranger.get("/akun").text


def test_in_another_browser_the_password_verifies_too(browser, andi):
    computer, phone = browser(), browser()
    computer.post("/daftar", TUTI)

    link = link_in(andi, "Terima kasih telah mendaftar", "/verifikasi/")
    assert phone.post(link, {"password": NEW}).location == "/konsultasi"
    phone.post("/keluar")
    assert "sudah terverifikasi" in phone.post(link, {"password": NEW}).text


def test_the_browser_learns_nothing_of_an_address_that_is_registered(browser):
    """The session cookie can be read: it holds the same things for both."""

    def registrations_of(email: str) -> set[str]:
        visitor = browser()
        visitor.post("/daftar", {**TUTI, "email": email})
        with visitor.client.session_transaction() as session:
            return set(session)

    assert registrations_of(email_of("siti")) == registrations_of("tuti@contoh.test")
