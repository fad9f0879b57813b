"""Another address for an account: proved by the new one, undone by the old one."""

import pytest

from pst.accounts.users import User
from tests.journeys.mailbox import letters, link_in
from tests.people import PASSWORD, email_of
from tests.steps import NEW, TUTI, log_in

FRESH = "siti.baru@contoh.test"
WISH = {"email": FRESH, "current": PASSWORD}
PROOF, UNDO = "Pemilik sebuah akun", "Kembalikan alamat semula"


def move(siti, andi) -> str:
    """Move Siti's account to the new address; return the link that undoes it."""
    siti.post("/akun/alamat", WISH)
    answer = siti.post(link_in(andi, PROOF, "/akun/alamat/"))
    assert answer.location == "/masuk"
    return link_in(andi, UNDO, "/alamat-semula/")


@pytest.fixture
def siti_path(app) -> str:
    with app.app_context():
        siti = User.with_email(email_of("siti"))
        assert siti is not None
        return f"/admin/pengguna/{siti.id}/alamat"


def test_an_owner_moves_to_another_address(siti, visitor, andi):
    assert siti.post("/akun/alamat", WISH).location == "/akun/alamat?terkirim=1"
    link = link_in(andi, PROOF, "/akun/alamat/")
    assert email_of("siti") in siti.get("/akun").text, "nothing moved yet"
    assert FRESH in siti.get(link).text

    siti.post(link)

    assert siti.get("/akun").status_code in (302, 303), "every log-in ended"
    assert log_in(visitor, email_of("siti"), PASSWORD).status_code == 422
    assert log_in(visitor, FRESH, PASSWORD).location == "/konsultasi"
    assert "belum terverifikasi" not in visitor.get("/akun").text


def test_the_password_is_needed(siti, andi):
    answer = siti.post("/akun/alamat", {**WISH, "current": "bukan-kata-sandinya"})

    assert answer.status_code == 422
    assert f'value="{FRESH}"' in answer.text
    assert not letters(andi)


def test_the_link_moves_no_account_but_the_owners(siti, dewi, visitor, andi):
    siti.post("/akun/alamat", WISH)
    link = link_in(andi, PROOF, "/akun/alamat/")

    assert dewi.post(link).status_code == 410
    assert visitor.post(link).status_code in (303, 401)
    assert siti.get(link).status_code == 200


def test_an_address_with_an_account_answers_alike_and_tells_its_owner(siti, andi):
    answer = siti.post("/akun/alamat", {**WISH, "email": email_of("dewi")})

    assert answer.location == "/akun/alamat?terkirim=1"
    assert letters(andi, "sudah memiliki akun") and not letters(andi, PROOF)


def test_the_newest_wish_counts(siti, andi):
    siti.post("/akun/alamat", WISH)
    first = link_in(andi, PROOF, "/akun/alamat/")

    siti.post("/akun/alamat", {**WISH, "email": "lain@contoh.test"})

    assert siti.get(first).status_code == 410


def test_the_old_address_takes_the_account_back(siti, browser, andi, siti_path):
    thief, owner = siti, browser()
    undo = move(thief, andi)
    log_in(thief, FRESH, PASSWORD)
    andi.post(
        siti_path, {"email": "pencuri@contoh.test", "why": "Minta lewat telepon."}
    )
    later_undo = link_in(andi, UNDO, "/alamat-semula/")
    log_in(thief, "pencuri@contoh.test", PASSWORD)

    assert owner.get(undo).status_code == 200
    assert owner.post(undo).location == "/masuk"

    assert thief.get("/akun").status_code in (302, 303)
    assert log_in(thief, email_of("siti"), PASSWORD).status_code == 422
    assert thief.post(later_undo).status_code == 410, "the older address wins"
    owner.post(link_in(andi, "kata sandi baru", "/sandi-baru/"), {"password": NEW})
    assert log_in(owner, email_of("siti"), NEW).location == "/konsultasi"


def test_registering_the_old_address_stops_no_undo(siti, browser, andi):
    undo = move(siti, andi)
    browser().post("/daftar", {**TUTI, "email": email_of("siti")})

    assert browser().post(undo).location == "/masuk"


def test_an_undo_ends_after_seven_days(siti, browser, andi, at):
    undo = move(siti, andi)

    at("2026-03-09 08:59:59+07:00")
    assert browser().get(undo).status_code == 200
    at("2026-03-09 09:00:00+07:00")
    assert browser().post(undo).status_code == 410


def test_a_link_to_a_new_password_sent_before_opens_nothing(siti, browser, andi):
    browser().post("/lupa-sandi", {"email": email_of("siti")})
    before = link_in(andi, "kata sandi baru", "/sandi-baru/")

    move(siti, andi)

    assert browser().get(before).status_code == 410


def test_an_admin_changes_an_address_with_a_reason(siti, andi, visitor, siti_path):
    wish = {"email": FRESH, "why": "Surat resmi nomor 12, kotak lama hilang."}
    assert andi.post(siti_path, {**wish, "why": " "}).status_code == 422

    assert andi.post(siti_path, wish).status_code == 303

    assert siti.get("/akun").status_code in (302, 303)
    assert letters(andi, UNDO)
    assert "Alamat email diganti" in andi.get("/admin/audit").text
    log_in(visitor, FRESH, PASSWORD)
    assert "belum terverifikasi" in visitor.get("/akun").text
    visitor.post(link_in(andi, "verifikasi alamat email", "/verifikasi/"))
    assert "belum terverifikasi" not in visitor.get("/akun").text


def test_an_admin_gives_no_one_the_address_of_another(andi, siti_path):
    wish = {"email": email_of("dewi"), "why": "Keliru menulis alamat."}

    assert andi.post(siti_path, wish).status_code == 422


NOT_YET = "alamat lama masih dapat membatalkannya"


def test_nothing_is_erased_while_the_old_address_may_undo(siti, andi, siti_path, at):
    undo = move(siti, andi)
    log_in(siti, FRESH, PASSWORD)
    erasing = siti_path.replace("/admin/", "/admin/data-pribadi/")
    erasing = erasing.replace("/alamat", "/penghapusan")
    for person, page, path in (
        (siti, "/akun/data", "/akun/data/penghapusan"),
        (andi, erasing, erasing),
    ):
        assert NOT_YET in person.get(page).text
        assert 'name="word"' not in person.get(page).text

        answer = person.post(path, {"word": "HAPUS"})

        assert answer.status_code == 409
        assert NOT_YET in answer.text and "9 Maret 2026" in answer.text
    assert siti.get(undo).status_code == 200, "nothing was lost"

    at("2026-03-09 09:00+07:00")
    log_in(siti, FRESH, PASSWORD)
    assert NOT_YET not in siti.get("/akun/data").text
    assert siti.post("/akun/data/penghapusan", {"word": "HAPUS"}).location == "/"


def test_no_other_change_while_the_old_address_may_undo(siti, andi, at):
    move(siti, andi)
    log_in(siti, FRESH, PASSWORD)
    wish = {**WISH, "email": "lain@contoh.test"}
    page = siti.get("/akun/alamat").text
    assert NOT_YET in page and 'name="email"' not in page

    for email in (wish["email"], email_of("dewi")):
        answer = siti.post("/akun/alamat", {**wish, "email": email})

        assert answer.status_code == 409, "whether the address has an account or not"
        assert NOT_YET in answer.text
    assert len(letters(andi, PROOF)) == 1 and not letters(andi, "sudah memiliki akun")

    at("2026-03-09 09:00+07:00")
    log_in(siti, FRESH, PASSWORD)
    assert siti.post("/akun/alamat", wish).location == "/akun/alamat?terkirim=1"


def test_a_wish_from_before_changes_no_address_that_may_be_undone(
    siti, andi, siti_path
):
    siti.post("/akun/alamat", WISH)
    link = link_in(andi, PROOF, "/akun/alamat/")
    andi.post(siti_path, {"email": "kantor@contoh.test", "why": "Surat nomor 12."})
    log_in(siti, "kantor@contoh.test", PASSWORD)

    answer = siti.post(link)

    assert answer.status_code == 409 and NOT_YET in answer.text


def test_no_stranger_registers_an_account_that_an_admin_moved(
    siti, browser, andi, siti_path
):
    andi.post(siti_path, {"email": FRESH, "why": "Surat nomor 12."})
    stranger = browser()

    stranger.post("/daftar", {**TUTI, "email": FRESH})

    assert letters(andi, "sudah memiliki akun")
    assert log_in(stranger, FRESH, TUTI["password"]).status_code == 422
    assert log_in(siti, FRESH, PASSWORD).location == "/konsultasi"
