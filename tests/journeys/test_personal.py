"""A person's own data: consents, a copy to take along, erasure; the breach register."""

import json
import re
import zipfile
from io import BytesIO

import pytest

from tests.journeys.mailbox import letters
from tests.people import PASSWORD, email_of

OURS = {"Sec-Fetch-Site": "same-origin"}
BREACH = {
    "known_at": "2026-03-02T08:00",
    "what": "Berkas cadangan terkirim ke alamat yang salah.",
    "which_data": "Nama dan alamat email.",
    "how": "2 Maret 2026 pukul 07.30 lewat email.",
    "measures": "Penerima menghapus berkas.",
    "advice": "Waspadai email yang tidak dikenal.",
}


@pytest.fixture
def asked(siti, budi):
    siti.post(
        "/konsultasi/baru?jenis=data",
        {
            "subject": "Jumlah penduduk Wanadadi",
            "description": "Menurut umur.",
            "area": "Wanadadi",
            "years": "2020-2025",
        },
    )
    budi.post("/petugas/konsultasi/KS-2026-000001/pengambilan")
    budi.post(
        "/petugas/konsultasi/KS-2026-000001/catatan", {"body": "Catatan-internal-7"}
    )
    budi.post("/petugas/konsultasi/KS-2026-000001/pesan", {"body": "Ini tabelnya."})


def test_consents_are_given_and_taken_back_one_by_one(siti):
    siti.post("/akun/data/persetujuan", {"survey": "y"})
    page = siti.get("/akun/data").text
    assert 'checked id="survey"' in page
    assert 'checked id="news"' not in page

    siti.post("/akun/data/persetujuan", {})
    page = siti.get("/akun/data").text
    assert 'checked id="survey"' not in page
    assert "ditarik 2 Maret 2026" in page


def test_a_changed_notice_asks_for_consent_again(siti, andi):
    siti.post("/akun/data/persetujuan/pemberitahuan")
    assert "Saya menyetujui versi ini" not in siti.get("/akun/data").text

    andi.post("/admin/pengaturan", {"consent_version": "2027-01"})
    assert "Saya menyetujui versi ini" in siti.get("/akun/data").text

    siti.post("/akun/data/persetujuan/pemberitahuan")
    page = siti.get("/akun/data").text
    assert "Saya menyetujui versi ini" not in page
    assert "Versi 2027-01" in page


def test_the_copy_holds_what_is_mine_and_no_more(asked, siti):
    answer = siti.get("/akun/data/unduhan")
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        data = json.loads(archive.read("data.json"))
        page = archive.read("data.html").decode()

    assert data["akun"]["email"] == email_of("siti")
    (consultation,) = data["konsultasi"]
    assert consultation["subject"] == "Jumlah penduduk Wanadadi"
    assert "Ini tabelnya." in [message["isi"] for message in consultation["pesan"]]
    for whole in (json.dumps(data), page):
        assert "Catatan-internal-7" not in whole, "notes are the office's"
        assert "argon2" not in whole
        assert email_of("dewi") not in whole
    assert "Ini tabelnya." in siti.get("/akun/data/salinan").text


@pytest.mark.parametrize(
    ("moment", "name"),
    [
        ("2026-11-29 23:59+07:00", "data-saya-20261129.zip"),
        ("2026-11-30 00:00+07:00", "data-saya-20261130.zip"),
    ],
)
def test_the_copy_is_named_by_the_offices_date(browser, at, moment, name):
    at(moment)

    answer = browser().log_in("siti").get("/akun/data/unduhan")

    assert name in answer.headers["Content-Disposition"]


def test_the_copy_is_given_only_to_who_is_really_there(asked, siti, at):
    at("2026-03-02 09:15+07:00")

    for path in ("/akun/data/unduhan", "/akun/data/salinan"):
        assert siti.get(path).location.startswith("/akun/konfirmasi")


def test_the_word_must_be_typed_to_erase(asked, siti):
    answer = siti.post("/akun/data/penghapusan", {"word": "hapus"})

    assert answer.status_code == 422
    assert "huruf besar" in answer.text
    assert siti.get("/akun").status_code == 200


def test_erasing_takes_effect_at_once(asked, siti, budi, browser, andi):
    phone = browser().log_in("siti")

    answer = siti.post("/akun/data/penghapusan", {"word": "HAPUS"})

    assert answer.location == "/"
    assert phone.get("/akun").status_code == 302
    again = browser().post("/masuk", {"email": email_of("siti"), "password": PASSWORD})
    assert again.status_code == 422
    desk = budi.get("/petugas/konsultasi/KS-2026-000001").text
    assert "Jumlah penduduk Wanadadi" not in desk
    assert "Siti Rahayu" not in desk
    assert "Pengguna terhapus" in desk
    assert letters(andi, "telah dihapus")


def test_erasing_with_two_presses_is_no_lost_form(asked, siti):
    token = siti.token()
    cookies = [(c.key, c.value) for c in siti.client._cookies.values()]
    erase = {"csrf_token": token, "word": "HAPUS"}
    ours = {"Sec-Fetch-Site": "same-origin"}
    assert siti.client.post("/akun/data/penghapusan", data=erase).status_code == 303
    for key, value in cookies:  # the second press left before the first was answered
        siti.client.set_cookie(key, value)

    again = siti.client.post("/akun/data/penghapusan", data=erase, headers=ours)

    assert "Jika akun Anda sudah dihapus" in again.text
    assert "belum terkirim" not in again.text


def test_an_officer_erases_neither_themself_nor_others(budi, andi):
    answer = budi.post("/akun/data/penghapusan", {"word": "HAPUS"})

    assert answer.status_code == 409
    assert budi.get("/akun").status_code == 200


def test_a_breach_is_registered_and_everyone_told_in_time(andi, at):
    assert andi.post("/admin/data-pribadi/insiden/baru", BREACH).status_code == 303
    page = andi.get("/admin/data-pribadi/insiden/1").text
    assert "Tersisa 71 jam" in page
    assert "5 Maret 2026 pukul 08.00 WIB" in page

    andi.post("/admin/data-pribadi/insiden/1/laporan")
    for _ in range(2):
        andi.post("/admin/data-pribadi/insiden/1/pemberitahuan")

    assert "Sudah diberitahukan" in andi.get("/admin/data-pribadi").text
    told = letters(andi, "Pasal 46")
    assert len(told) == 2, "Siti and Dewi, once each"
    assert "Nama dan alamat email." in told[0]


def test_a_breach_that_no_one_was_told_of_is_late_after_three_days(andi, browser, at):
    andi.post("/admin/data-pribadi/insiden/baru", BREACH)

    at("2026-03-05 08:00+07:00")
    andi = browser().log_in("andi")
    assert "Lewat 3" not in andi.get("/admin/data-pribadi").text
    at("2026-03-05 08:01+07:00")
    assert "Lewat 3" in andi.get("/admin/data-pribadi").text


def test_a_breach_of_tomorrow_or_never_is_refused(andi):
    for moment in ("2026-03-02T09:01", "kemarin", ""):
        answer = andi.post(
            "/admin/data-pribadi/insiden/baru", {**BREACH, "known_at": moment}
        )
        assert answer.status_code == 422
        assert "Berkas cadangan terkirim" in answer.text


def test_only_the_people_concerned_are_told(andi):
    concerned = {"concerned": f"{email_of('dewi')}\nsiapa@contoh.test"}
    andi.post("/admin/data-pribadi/insiden/baru", {**BREACH, **concerned})

    andi.post("/admin/data-pribadi/insiden/1/pemberitahuan")

    assert len(letters(andi, "Pasal 46")) == 1
    assert letters(andi, "Yth. Dewi Lestari")


def test_work_is_handed_over_when_an_officer_leaves(asked, andi, rina, siti):
    page = andi.get("/admin/pengguna?q=Budi").text
    budi_id = re.search(r'href="/admin/pengguna/(\d+)"', page)[1]
    person = andi.get(f"/admin/pengguna/{budi_id}").text
    assert "Serahkan 1 konsultasi" in person
    rina_id = re.search(r'<option value="(\d+)">Rina Wijaya', person)[1]

    andi.post(f"/admin/pengguna/{budi_id}/penonaktifan", {"recipient": rina_id})

    assert "Dialihkan kepada Rina Wijaya" in siti.get("/konsultasi/KS-2026-000001").text
    answer = rina.post(
        "/petugas/konsultasi/KS-2026-000001/pesan", {"body": "Saya lanjutkan."}
    )
    assert answer.status_code == 303


def test_work_goes_back_to_the_queue_when_no_one_is_named(asked, andi, rina):
    page = andi.get("/admin/pengguna?q=Budi").text
    budi_id = re.search(r'href="/admin/pengguna/(\d+)"', page)[1]

    andi.post(f"/admin/pengguna/{budi_id}/penonaktifan")

    claimed = rina.post("/petugas/konsultasi/KS-2026-000001/pengambilan")
    assert claimed.status_code == 303


def test_changed_settings_are_kept_with_what_they_were(andi):
    andi.post("/admin/pengaturan", {"city": "Wonosobo"})

    page = andi.get("/admin/pengaturan/riwayat").text
    assert "Banjarnegara" in page
    assert "Wonosobo" in page
    assert "Andi Pratama" in page
