"""Write first, register after: nothing is lost."""

import re

from pst.accounts.registration.registrations import Registration
from pst.consultations.filing.unfiled import UnfiledRequest
from pst.consultations.models import Consultation
from tests.journeys.conftest import hidden
from tests.journeys.mailbox import link_in
from tests.journeys.newcomers.steps import ACCOUNT, ASK, MAIL, NEW, REQUEST, ask, count
from tests.people import PASSWORD, email_of


def test_a_newcomer_asks_first_and_is_logged_in_by_the_mail(app, tuti, andi, budi):
    form = tuti.get(ASK).text
    assert 'name="account-email"' in form and 'name="subject"' in form
    assert ask(tuti).location == "/daftar/terkirim"
    assert "Permintaan Anda tersimpan" in tuti.get("/daftar/terkirim").text
    assert count(app, Consultation) == 0, "nothing enters the queue yet"
    assert "Konsep pengangguran" not in budi.get("/petugas").text

    link = link_in(andi, MAIL, "/verifikasi/")
    assert 'type="password"' not in tuti.get(link).text
    verified = tuti.post(link)

    assert verified.location == "/konsultasi/KS-2026-000001"
    page = tuti.get(verified.location).text
    assert "Mohon dijelaskan bedanya." in page and "Nomor Anda KS-2026-000001" in page
    assert "Konsep pengangguran" in budi.get("/petugas").text
    assert count(app, UnfiledRequest) == count(app, Registration) == 0


def test_on_another_device_the_password_is_asked_for_once(tuti, browser, andi):
    ask(tuti)
    link, phone = link_in(andi, MAIL, "/verifikasi/"), browser()

    assert 'type="password"' in phone.get(link).text
    assert phone.post(link, {"password": "bukan-itu-sandinya"}).status_code == 422
    answer = phone.post(link, {"password": NEW})

    assert answer.location == "/konsultasi/KS-2026-000001"
    assert phone.get(answer.location).status_code == 200, "and is logged in"


def test_on_a_shared_computer_the_log_in_ends_with_the_browser(tuti, andi):
    ask(tuti)

    tuti.post(link_in(andi, MAIL, "/verifikasi/"), {"shared": "ya"})

    cookie = tuti.client.get_cookie("pst_l")
    assert cookie is not None and cookie.expires is None
    assert 'data-keep="no"' in tuti.get("/konsultasi").text


def test_pressed_twice_or_sent_twice_it_is_filed_once(app, tuti, andi):
    ask(tuti)
    ask(tuti)
    link = link_in(andi, MAIL, "/verifikasi/")

    tuti.post(link)
    tuti.post(link)

    assert count(app, Consultation) == 1


def test_two_requests_of_one_newcomer_are_both_filed(app, tuti, andi):
    ask(tuti)
    ask(tuti, key="kunci-dua", subject="Konsep kemiskinan")

    tuti.post(link_in(andi, MAIL, "/verifikasi/"))

    assert count(app, Consultation) == 2


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_lost(app, tuti):
    wrong = ask(
        tuti, subject="", **{"account-email": "tuti@", "account-password": "pendek"}
    )

    assert wrong.status_code == 422
    for said in ("Subjek wajib diisi", "account-email-error", "account-password-error"):
        assert said in wrong.text
    assert "Mohon dijelaskan bedanya." in wrong.text and "Tuti Handayani" in wrong.text
    assert 'value="pendek"' in wrong.text, "nor is the password typed again"
    assert count(app, UnfiledRequest) == 0


def test_another_kind_keeps_what_was_written(tuti):
    form = {**REQUEST, **ACCOUNT, "switch": "data"}

    page = tuti.client.post(
        "/konsultasi/baru?jenis=data", data={**form, "csrf_token": tuti.token()}
    )

    assert page.status_code == 200
    assert "Konsep pengangguran" in page.text and "Tuti Handayani" in page.text
    assert 'name="area"' in page.text and 'name="account-email"' in page.text


def test_who_has_an_account_logs_in_and_the_words_come_along(tuti):
    asked = ask(tuti, press="masuk", **{"account-email": ""})
    assert asked.status_code == 200 and "Masuk untuk mengajukannya" in asked.text
    value = hidden(asked.text, "held")

    back = tuti.post(
        "/masuk", {"email": email_of("siti"), "password": PASSWORD, "held": value}
    )
    form = back.text.partition("<main")[2]
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
    answer = tuti.client.post(ASK, data=fields)

    assert answer.location == "/konsultasi/KS-2026-000001"
    assert "Mohon dijelaskan bedanya." in tuti.get(answer.location).text
