"""Write first, register after: nothing is lost, and nothing is anyone's too early."""

import re

import pytest
from flask import Flask

from pst.accounts.registration.registrations import Registration
from pst.consultations.filing.unfiled import UnfiledRequest
from pst.consultations.models import Consultation
from pst.database import db
from pst.personal_data.retention import keep_no_longer
from tests.journeys.conftest import Browser, hidden
from tests.journeys.mailbox import letters, link_in
from tests.people import PASSWORD, email_of
from tests.regions.conftest import LIST, bring_in
from tests.steps import made

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
OTHER = "gunung-jauh-sekali-hijau"


@pytest.fixture
def tuti(browser) -> Browser:
    return browser()


def ask(browser: Browser, **changed: str):
    return browser.post(ASK, {**REQUEST, **ACCOUNT, **changed})


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(model)) or 0


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


def test_the_answer_is_the_same_whether_the_account_exists(app, browser, siti, andi):
    new, known = browser(), browser()
    answers = [ask(new), ask(known, **{"account-email": email_of("siti")})]
    assert {(each.status_code, each.location) for each in answers} == {
        (303, "/daftar/terkirim")
    }
    pages = [each.get("/daftar/terkirim").text for each in (new, known)]
    assert [len(re.sub(r'value="[^"]*"|\S+@\S+', "", page)) for page in pages] == [
        len(re.sub(r'value="[^"]*"|\S+@\S+', "", pages[0]))
    ] * 2

    [mail] = [each for each in letters(andi) if "sudah memiliki akun" in each]
    assert "/konsultasi/belum-diajukan" in mail
    assert "Konsep pengangguran" not in mail, "no words of strangers are mailed"
    assert count(app, Consultation) == 0
    assert "1 permintaan" in siti.get("/konsultasi").text
    id = re.search(
        r"belum-diajukan/(\d+)/pengajuan", siti.get("/konsultasi/belum-diajukan").text
    )
    assert id is not None
    filed = siti.post(f"/konsultasi/belum-diajukan/{id[1]}/pengajuan")
    assert filed.location == "/konsultasi/KS-2026-000001"
    assert "permintaan yang Anda tulis" not in siti.get("/konsultasi").text


def test_what_waits_is_the_owners_alone_and_can_be_dropped(browser, siti, dewi, app):
    ask(browser(), **{"account-email": email_of("siti")})
    address = "/konsultasi/belum-diajukan"
    paths = re.findall(rf'action="({address}/\d+/\w+)"', siti.get(address).text)
    assert len(paths) == 2

    for path in paths:
        assert dewi.post(path).status_code == 404
    assert "Konsep pengangguran" not in dewi.get(address).text
    assert siti.post(paths[1]).status_code == 303
    assert count(app, UnfiledRequest) == count(app, Consultation) == 0


def test_no_registration_takes_the_place_of_another(app, browser, tuti, andi):
    thief = browser()
    thief.post("/daftar", register("Bukan Tuti", OTHER))
    ask(tuti)
    thief.post("/daftar", register("Bukan Tuti lagi", OTHER))
    assert count(app, Registration) == 2, "each browser has one"

    tuti.post(link_in(andi, MAIL, "/verifikasi/"))

    assert "Mohon dijelaskan" in tuti.get("/konsultasi/KS-2026-000001").text
    assert "Tuti Handayani" in tuti.get("/akun").text
    for password, status in ((OTHER, 422), (NEW, 303)):
        form = {"email": "tuti@contoh.test", "password": password}
        assert browser().post("/masuk", form).status_code == status


def register(name: str, password: str) -> dict[str, str]:
    fields = {**ACCOUNT, "account-name": name, "account-password": password}
    return {field.removeprefix("account-"): text for field, text in fields.items()}


def test_what_a_stranger_wrote_is_never_filed_for_the_owner(app, browser, tuti, andi):
    ask(browser(), subject="Tulisan orang lain", **{"account-password": OTHER})
    ask(tuti)

    tuti.post(link_in(andi, MAIL, "/verifikasi/"))

    assert count(app, Consultation) == 1
    assert "Tulisan orang lain" not in tuti.get("/konsultasi").text
    assert count(app, UnfiledRequest) == 0


def test_one_network_that_registers_much_gives_way_itself(app, browser, tuti, andi):
    tuti.client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    ask(tuti)
    for n in range(7):
        thief = browser()
        thief.client.environ_base["REMOTE_ADDR"] = "198.51.100.9"
        ask(thief, subject=f"Isi {n}", **{"account-password": f"{OTHER}-{n}"})
        ask(thief, **{"account-email": email_of("siti"), "key": f"kunci-{n}"})

    assert count(app, Registration) == 5
    assert count(app, UnfiledRequest) == 10
    tuti.post(link_in(andi, MAIL, "/verifikasi/"))
    assert "Mohon dijelaskan" in tuti.get("/konsultasi/KS-2026-000001").text


def test_a_request_that_waited_too_long_is_erased(app, tuti, browser, siti, at):
    ask(tuti)
    ask(browser(), **{"account-email": email_of("siti")})
    at("2026-03-09 08:59+07:00")
    assert "1 permintaan" in siti.get("/konsultasi").text

    at("2026-03-09 09:00+07:00")
    assert "1 permintaan" not in siti.get("/konsultasi").text
    with app.app_context():
        keep_no_longer()
    assert count(app, UnfiledRequest) == 0

    at("2026-03-16 09:01+07:00")
    with app.app_context():
        keep_no_longer()
    assert count(app, Registration) == 0


def test_the_copy_has_what_waits_and_erasing_removes_it(app, browser, siti):
    ask(browser(), **{"account-email": email_of("siti")})

    assert "Mohon dijelaskan bedanya." in siti.get("/akun/data/salinan").text
    siti.post("/akun/data/penghapusan", {"word": "HAPUS", "password": PASSWORD})

    assert count(app, UnfiledRequest) == 0


def test_the_articles_that_may_answer_stand_before_the_form(tuti, budi, rina):
    draft = made(budi)
    budi.post(f"{draft}/tinjauan")
    rina.post(f"{draft}/penerbitan")

    page = tuti.get(
        "/cari/sebelum-bertanya?jenis=data&subjek=data+curah+hujan&uraian=Bulanan"
    ).text

    assert page.index("Mungkin ini yang Anda cari") < page.index('name="account-email"')
    assert 'value="data curah hujan"' in page and re.search(
        r">\s*Bulanan</textarea>", page
    )
    assert 'href="#permintaan"' in page and 'id="permintaan"' in page
    assert "Ya, sudah terjawab" in page


def test_a_long_text_in_the_address_comes_whole_into_the_form(tuti):
    letter = "Menurut kecamatan, " * 150 + "sampai kalimat terakhir."

    about = {"jenis": "data", "subjek": "Luas waduk", "uraian": letter}
    page = tuti.get("/cari/sebelum-bertanya", query_string=about, follow_redirects=True)

    assert re.search(rf">\s*{letter}</textarea>", page.text)


def test_a_subject_too_long_comes_whole_and_is_refused_with_its_words(tuti):
    subject = " ".join(["Berapa jumlah penduduk menurut umur"] * 8)

    page = tuti.get(
        "/konsultasi/baru", query_string={"jenis": "data", "subjek": subject}
    )
    answer = ask(tuti, subject=subject)

    assert f'value="{subject}"' in page.text
    assert answer.status_code == 422
    assert "Maksimal 200 karakter" in answer.text and subject in answer.text


def test_what_the_question_names_is_not_typed_again(tuti, app):
    with app.app_context():
        bring_in(LIST)
    place = "/konsultasi/baru?jenis=data&subjek="

    page = tuti.get(place + "jumlah+sapi+kec+wanadadi+2021+sampai+2023").text
    assert 'value="Kecamatan Wanadadi"' in page and 'value="2021–2023"' in page

    page = tuti.get(place + "sapi+di+wanadadi+dan+kec+banjarmangu+2019+dan+2023").text
    assert 'value="Kecamatan' not in page and 'value="2019, 2023"' in page

    page = tuti.get(place + "sapi+di+wanadadi+dan+banjarmangu").text
    assert 'value="Kecamatan' not in page

    page = tuti.get(place + "sapi+" + "+".join(map(str, range(1990, 2024, 2)))).text
    assert 'value="1990' not in page

    page = tuti.get(place + "harga+beras").text
    fields = re.findall(r'<input[^>]* name="(?:area|years)"[^>]*>', page)
    assert len(fields) == 2
    assert all('value=""' in field or "value=" not in field for field in fields)
