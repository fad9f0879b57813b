"""The user is not looking: a mail, and a reply from it without logging in."""

import re

import pytest

from pst.consultations.jobs import tell_users
from pst.database import transaction
from pst.office import settings
from tests.journeys.mailbox import letters, link_in

CONSULTATION = "/konsultasi/KS-2026-000001"
DESK = "/petugas/konsultasi/KS-2026-000001"
REQUEST = {
    **{"subject": "Jumlah penduduk", "description": "Menurut umur."},
    **{"area": "Wanadadi", "years": "2025"},
}


def test_a_reply_from_the_mail_needs_no_log_in_and_shows_nothing(
    answered, siti, budi, andi, visitor
):
    assert not letters(andi, "rahasia")
    path = link_in(andi, "Petugas telah menulis", "/balas/")

    page = visitor.get(path)
    assert page.status_code == 200
    assert "rahasia" not in page.text
    assert visitor.post(path, {"body": ""}).status_code == 422
    answer = visitor.post(path, {"body": "Masih.", "key": "one"})
    visitor.post(path, {"body": "Masih.", "key": "one"})
    assert "sudah terkirim" in visitor.get(answer.location).text

    thread = budi.get(DESK).text
    assert thread.count("Masih.") == 1
    assert "lewat tautan email" in thread
    assert "Dibaca pengguna" not in thread
    assert visitor.get(CONSULTATION).status_code in (302, 303, 401)


FINAL = "Jumlahnya 31.000 jiwa.\nBelum termasuk pendatang."


@pytest.fixture
def concluded(app, siti, budi, at):
    """Let Budi give a final answer that Siti did not look at."""

    def conclude(body: str = FINAL, **more: str) -> None:
        siti.post("/konsultasi/baru?jenis=data", REQUEST)
        budi.post(f"{DESK}/pengambilan")
        form = {"body": body, "key": "a", "then": "selesai", **more}
        assert budi.post(f"{DESK}/pesan", form).status_code == 303
        at("2026-03-02 09:02+07:00")
        with app.app_context():
            tell_users()

    return conclude


def test_a_final_answer_is_quoted_in_the_mail_and_where_one_replies(
    concluded, andi, visitor
):
    concluded()

    [mail] = letters(andi, "Petugas telah menulis")
    assert "Jumlahnya 31.000 jiwa." in mail and "Belum termasuk" in mail
    assert "Demi keamanan" not in mail
    page = visitor.get(link_in(andi, "Petugas telah menulis", "/balas/")).text
    assert "Anda membalas pesan petugas, 2 Maret 2026 pukul 09.00 WIB" in page
    assert "Jumlahnya 31.000 jiwa." in page


@pytest.mark.parametrize(
    "body",
    [
        "Yth. Ibu Siti, jumlahnya 31.000 jiwa.",
        "Hubungi pak.lurah@contoh.test, jumlahnya 31.000 jiwa.",
        "Jumlahnya 31.000 jiwa.\n\n\n\n\n\nHubungi 0812 3456 7890.",
    ],
)
def test_an_answer_with_personal_data_is_quoted_nowhere(
    concluded, andi, visitor, body: str
):
    concluded(body)

    [mail] = letters(andi, "Petugas telah menulis")
    assert "31.000" not in mail and "Demi keamanan" in mail
    page = visitor.get(link_in(andi, "Petugas telah menulis", "/balas/")).text
    assert "31.000" not in page and "Anda membalas pesan petugas" in page


def test_the_office_may_quote_nothing(app, concluded, andi, visitor):
    with app.app_context(), transaction():
        settings.change({"mail_final_answers": False})

    concluded()

    [mail] = letters(andi, "Petugas telah menulis")
    assert "31.000" not in mail and "Demi keamanan" in mail


def test_a_long_answer_is_quoted_by_its_first_lines(concluded, andi):
    concluded("\n".join(f"Baris {n}: " + "data " * 30 for n in range(9)))

    [mail] = letters(andi, "Petugas telah menulis")
    assert "Baris 0:" in mail and " …" in mail
    assert "Baris 4:" not in mail


def test_the_mail_of_a_closing_has_the_answer_too(concluded, andi):
    concluded(closes="y")

    assert any("Jumlahnya 31.000 jiwa." in mail for mail in letters(andi, "penilaian"))


def test_whose_it_is_and_logged_in_goes_straight_to_the_box(answered, siti, andi):
    path = link_in(andi, "Petugas telah menulis", "/balas/")

    assert siti.get(path).location.endswith(f"{CONSULTATION}#composer")


def test_the_link_ends(answered, visitor, andi, at):
    path = link_in(andi, "Petugas telah menulis", "/balas/")

    assert visitor.get(path + "x").status_code == 404
    at("2026-03-09 09:00+07:00")
    assert visitor.get(path).status_code == 200
    at("2026-03-09 09:00:01+07:00")
    assert visitor.get(path).status_code == 410
    assert visitor.post(path, {"body": "Halo"}).status_code == 410


def test_the_notices_are_switched_off_from_the_mail(answered, visitor, andi, siti):
    path = link_in(andi, "Petugas telah menulis", "/berhenti/")

    assert "Matikan pemberitahuan" in visitor.get(path).text
    assert "checked" in siti.get("/akun").text.split("<h2>Pemberitahuan")[1]
    visitor.post(path)
    assert "Nyalakan kembali" in visitor.get(path).text
    assert "checked" not in siti.get("/akun").text.split("<h2>Pemberitahuan")[1]

    siti.post("/akun/pemberitahuan", {"on": "ya"})
    assert "Matikan pemberitahuan" in visitor.get(path).text


def test_a_deactivated_account_does_nothing_by_a_mailed_link(
    answered, visitor, andi, budi, siti
):
    reply = link_in(andi, "Petugas telah menulis", "/balas/")
    budi.post(f"{DESK}/penutupan")
    rating = link_in(andi, "memberi penilaian", "/nilai/")
    visitor.post(rating, {"score": "1", "comment": "Lama."})
    follow_up = link_in(andi, "Kami mohon maaf", "/tindak-lanjut/")
    people = andi.get("/admin/pengguna?q=siti").text
    match = re.search(r'href="(/admin/pengguna/\d+)"', people)
    assert match
    assert andi.post(f"{match[1]}/penonaktifan").status_code == 303

    for path, form in (
        (reply, {"body": "Masih."}),
        (rating, {"score": "5", "comment": "Cepat."}),
        (f"{rating}/survei", {"u1": "4"}),
        (follow_up, {"body": "Tidak jadi."}),
    ):
        for answer in (visitor.get(path), visitor.post(path, form)):
            assert answer.status_code == 403, path
            assert "Akun Anda dinonaktifkan" in answer.text

    page = budi.get(DESK).text
    assert "Masih." not in page
    assert "Selesai" in page
