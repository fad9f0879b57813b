"""What waits for a registration is no one's too early, and no one else's."""

import re

from pst.accounts.registration.registrations import Registration
from pst.consultations.filing.unfiled import UnfiledRequest
from pst.consultations.models import Consultation
from pst.personal_data.retention import keep_no_longer
from tests.journeys.mailbox import letters, link_in
from tests.journeys.newcomers.steps import ACCOUNT, MAIL, NEW, ask, count
from tests.people import PASSWORD, email_of

OTHER = "gunung-jauh-sekali-hijau"


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
