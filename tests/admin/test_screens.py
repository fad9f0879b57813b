"""What the IT person sees and does, through the pages alone."""

import re

import pytest
from flask import Flask

from pst import create_app
from pst.admin.backups import backup
from pst.consultations.models import Consultation
from pst.database import db, transaction
from pst.outbox.models import OutboxMail
from pst.server.mail_config import Mail
from pst.uploads.file_store import files
from tests.conftest import copy, settings_for
from tests.journeys.conftest import Browser
from tests.journeys.mailbox import body_of, letters, link_in
from tests.people import NO_SUCH_USER, PASSWORD, email_of
from tests.steps import ask, id_of

READ = "<td>Percakapan dibaca</td>"
REQUEST = {
    "subject": "Konsep angka kemiskinan",
    "description": "Bagaimana garis kemiskinan dihitung?",
    "concept": "Garis kemiskinan",
    "purpose": "penelitian",
    "key": "k1",
}
SCREENS = (
    "/admin",
    "/admin/pengguna",
    "/admin/pengguna/baru",
    "/admin/kalender",
    "/admin/pengaturan",
    "/admin/surel",
    "/admin/audit",
    "/admin/sistem",
)


@pytest.fixture
def andi(app: Flask, at: object) -> Browser:
    return Browser(app).log_in("andi")


@pytest.fixture
def stranger(app: Flask) -> Browser:
    return Browser(app)


@pytest.mark.parametrize("path", SCREENS)
def test_every_screen_opens(andi, path):
    assert andi.get(path).status_code == 200


def test_an_invited_officer_chooses_a_password_and_works(andi, stranger):
    andi.post(
        "/admin/pengguna/baru",
        {"name": "Wati", "email": "wati@contoh.test", "role": "officer"},
    )
    link = link_in(andi, "Yth. Wati", "/undangan/")
    assert "wati@contoh.test" in stranger.get(link).text

    stranger.post(link, {"password": "kopi-dieng-tiap-pagi"})
    answer = stranger.post(
        "/masuk", {"email": "wati@contoh.test", "password": "kopi-dieng-tiap-pagi"}
    )

    assert answer.location == "/petugas"
    assert stranger.get(link).status_code == 410


def test_an_address_is_invited_once(andi):
    answer = andi.post(
        "/admin/pengguna/baru",
        {"name": "Budi", "email": email_of("budi"), "role": "officer"},
    )

    assert answer.status_code == 422
    assert "sudah memiliki akun" in answer.text
    assert not letters(andi)


def test_a_role_that_does_not_exist_is_refused(andi):
    answer = andi.post(
        "/admin/pengguna/baru",
        {"name": "Wati", "email": "wati@contoh.test", "role": "raja"},
    )

    assert answer.status_code == 422


def test_a_deactivated_officer_is_out_at_once(andi, app):
    budi = Browser(app).log_in("budi")
    id = id_of(andi, "Budi")

    andi.post(f"/admin/pengguna/{id}/penonaktifan")
    assert budi.get("/akun").status_code == 302
    answer = budi.post("/masuk", {"email": email_of("budi"), "password": PASSWORD})
    assert answer.status_code == 422

    andi.post(f"/admin/pengguna/{id}/pengaktifan")
    Browser(app).log_in("budi")


def test_an_admin_cannot_deactivate_themself(andi):
    answer = andi.post(f"/admin/pengguna/{id_of(andi, 'Andi')}/penonaktifan")

    assert answer.status_code == 409
    assert "Akun Anda sendiri" in answer.text


def test_settings_are_saved_and_what_is_wrong_is_said(andi, stranger):
    good = andi.post("/admin/pengaturan", {"office_name": "BPS Kabupaten Purbalingga"})
    bad = andi.post(
        "/admin/pengaturan", {"office_name": "BPS", "close_after_days": "nol"}
    )

    assert good.status_code == 303
    assert bad.status_code == 422
    assert "Isi dengan angka" in bad.text
    assert 'value="nol"' in bad.text, "what was typed is still there"
    assert "BPS Kabupaten Purbalingga" in stranger.get("/").text


def test_every_setting_has_words_of_its_own(andi):
    assert "<h2>Lainnya</h2>" not in andi.get("/admin/pengaturan").text


def test_a_day_off_is_added_and_taken_away(andi):
    andi.post("/admin/kalender", {"on": "2026-03-03", "name": "Pemadaman listrik"})
    assert "Pemadaman listrik" in andi.get("/admin/kalender?tahun=2026").text

    andi.post("/admin/kalender/2026-03-03/hari-kerja")
    assert "Pemadaman listrik" not in andi.get("/admin/kalender?tahun=2026").text


def test_a_day_that_is_none_is_refused(andi):
    answer = andi.post("/admin/kalender", {"on": "2026-02-30", "name": "Salah"})

    assert answer.status_code == 422
    assert "Tanggal tidak dikenal." in answer.text
    assert andi.post("/admin/kalender/besok/hari-kerja").status_code == 404
    assert andi.get("/admin/kalender?tahun=99999").status_code == 404


def test_an_expected_year_is_marked_until_it_is_confirmed(andi):
    assert "masih perkiraan" in andi.get("/admin/kalender?tahun=2027").text

    andi.post("/admin/kalender/2027/pengesahan")

    assert "masih perkiraan" not in andi.get("/admin/kalender?tahun=2027").text


def test_without_a_mail_server_mails_are_read_here_with_their_links(andi, stranger):
    stranger.post("/lupa-sandi", {"email": email_of("siti")})

    assert "Belum ada server email" in andi.get("/admin/surel").text
    assert stranger.get(link_in(andi, "Siti", "/sandi-baru/")).status_code == 200


def test_the_trail_shows_who_did_what_and_can_be_filtered(andi, app):
    Browser(app).log_in("siti")
    andi.post("/admin/pengaturan", {"city": "Wonosobo"})

    whole = andi.get("/admin/audit").text
    filtered = andi.get("/admin/audit?tindakan=change_settings").text

    assert "Siti Rahayu" in whole
    assert "Pengaturan diubah" in filtered
    assert "Siti Rahayu" not in filtered
    assert "Siti Rahayu" in andi.get("/admin/audit?pelaku=siti").text
    assert "Tidak ada catatan" in andi.get("/admin/audit?dari=2027-01-01").text
    assert andi.get("/admin/audit?dari=kemarin&hal=x").status_code == 200


def test_with_a_mail_server_no_one_reads_links_meant_for_another(built, tmp_path, at):
    app = with_mail_server(built, tmp_path)
    andi, stranger = Browser(app).log_in("andi"), Browser(app)
    stranger.post("/lupa-sandi", {"email": email_of("siti")})

    page = andi.get(f"/admin/surel/{newest(andi)}").text

    assert "/sandi-baru/••••••" in body_of(page)
    assert "disembunyikan" in page
    assert "Belum ada server email" not in page


def test_an_admin_reads_nothing_of_a_conversation_in_the_outbox(built, tmp_path, at):
    app = with_mail_server(built, tmp_path)
    andi, siti = Browser(app).log_in("andi"), Browser(app).log_in("siti")
    ask(siti, subject="Penyakit langka")
    with app.app_context(), transaction():
        consultation = db.session.scalars(db.select(Consultation)).one()
        to, url = ("Budi", "budi@contoh.test"), "https://contoh.test/"
        OutboxMail.put("overdue", to=to, cause="x", consultation=consultation, url=url)
        number = consultation.number

    page = andi.get(f"/admin/surel/{newest(andi)}").text

    assert number in page
    assert "tidak ditampilkan" in page
    assert "Penyakit langka" not in page + andi.get("/admin/surel").text


def test_a_failed_mail_says_why_and_is_sent_again(built, tmp_path, at):
    app = with_mail_server(built, tmp_path)
    andi, stranger = Browser(app).log_in("andi"), Browser(app)
    stranger.post("/lupa-sandi", {"email": email_of("siti")})
    id = newest(andi)
    with app.app_context(), transaction():
        letter = db.session.get_one(OutboxMail, id)
        letter.refuse(NO_SUCH_USER)

    assert "550 5.1.1 No such user" in andi.get("/admin/surel?status=failed").text
    andi.post(f"/admin/surel/{id}/pengiriman")

    assert "Menunggu" in andi.get(f"/admin/surel/{id}").text
    assert "Tidak ada email" in andi.get("/admin/surel?status=failed").text


def with_mail_server(built, folder) -> Flask:
    copy(built, folder)
    server = Mail("127.0.0.1", 1, None, None, False, False)
    return create_app(settings_for(folder, mail=server))


def newest(andi: Browser) -> int:
    match = re.search(r'href="/admin/surel/(\d+)"', andi.get("/admin/surel").text)
    assert match
    return int(match[1])


def test_the_trail_is_taken_along_as_a_harmless_table(andi, app):
    answer = andi.get("/admin/audit/unduhan?tindakan=log_in")

    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.text.startswith("\ufeffid;waktu_utc;")
    assert "Andi Pratama" in answer.text
    other = andi.get("/admin/audit/unduhan?tindakan=log_in&bentuk=internasional")
    assert other.text.startswith("\ufeffid,waktu_utc,")
    assert "Diunduh" in andi.get("/admin/audit").text, "and that is in the trail too"


def test_no_proxy_and_no_shared_computer_keeps_the_trail(andi):
    answer = andi.get("/admin/audit/unduhan")

    assert answer.headers["Cache-Control"] == "no-store, private"


def test_a_day_before_all_days_is_explained_and_takes_nothing_along(andi):
    for day in ("0001-01-01", "1999-12-31", "2101-01-01", "kemarin"):
        answer = andi.get(f"/admin/audit?dari={day}")
        taken = andi.get(f"/admin/audit/unduhan?sampai={day}")

        assert answer.status_code == 200
        assert "Isi tahun 2000 sampai 2100" in answer.text
        assert taken.status_code == 422
        assert "Isi tahun 2000 sampai 2100" in taken.text
    for day in ("2000-01-01", "2100-12-31"):
        assert "Isi tahun" not in andi.get(f"/admin/audit?dari={day}").text
        assert andi.get(f"/admin/audit/unduhan?sampai={day}").status_code == 200


def test_work_goes_to_no_one_who_does_not_exist(andi, app):
    budi = id_of(andi, "budi")

    for receiver in ("9" * 5_000, "999", "²", "rina"):
        answer = andi.post(
            f"/admin/pengguna/{budi}/serah-terima", {"recipient": receiver}
        )
        assert answer.status_code == 409
        assert "Penerima itu tidak ada." in answer.text


@pytest.mark.parametrize(("year", "status"), [("1999", 422), ("2000", 303)])
def test_a_breach_is_of_this_century(andi, year: str, status: int):
    told = dict.fromkeys(
        ("what", "which_data", "how", "measures", "advice"), "Sesuatu."
    )
    form = {**told, "known_at": f"{year}-12-31T08:00"}

    answer = andi.post("/admin/data-pribadi/insiden/baru", form)

    assert answer.status_code == status
    first = andi.post(
        "/admin/data-pribadi/insiden/baru", {**told, "known_at": "0001-01-01T00:00"}
    )
    assert first.status_code == 422
    assert "Tahun 2000 sampai 2100." in first.text


def test_reading_another_s_conversation_is_in_the_trail_once_a_day(andi, app, at):
    siti, budi, rina = (Browser(app).log_in(name) for name in ("siti", "budi", "rina"))
    siti.post("/konsultasi/baru?jenis=metadata", REQUEST)
    budi.post("/petugas/konsultasi/KS-2026-000001/pengambilan")

    budi.get("/petugas/konsultasi/KS-2026-000001")
    siti.get("/konsultasi/KS-2026-000001/pesan")
    assert READ not in andi.get("/admin/audit?pelaku=budi").text, "their own"

    for _ in range(3):
        rina.get("/petugas/konsultasi/KS-2026-000001")
    assert andi.get("/admin/audit?tindakan=read").text.count(READ) == 1

    at("2026-03-03 09:30+07:00")
    Browser(app).log_in("rina").get("/petugas/konsultasi/KS-2026-000001")
    andi = Browser(app).log_in("andi")
    assert andi.get("/admin/audit?tindakan=read").text.count(READ) == 2


def test_the_system_screen_tells_the_size_of_each_backup(app: Flask, andi: Browser):
    assert "<h2>Cadangan</h2>" not in andi.get("/admin/sistem").text
    with app.app_context():
        files().put("attachments/ab/abc", bytes(2_500_000))
        backup.create(app.config["PST"])

    page = andi.get("/admin/sistem").text

    assert "<h2>Cadangan</h2>" in page
    assert re.search(r"1 berkas,\s+2,5 MB", page)
