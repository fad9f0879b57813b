"""Registering, verifying, logging in and out, forgetting the password, the profile."""

import secrets

import pytest
from itsdangerous import URLSafeSerializer

from tests.journeys.conftest import hidden
from tests.journeys.mailbox import letters, link_in
from tests.people import PASSWORD, email_of
from tests.steps import NEW, TUTI, log_in

OURS = {"Sec-Fetch-Site": "same-origin"}


def test_somebody_registers_verifies_and_logs_in(visitor, andi):
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


def test_a_refused_registration_says_what_is_wrong_beside_each_field(visitor):
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
    known = visitor.post("/daftar", {**TUTI, "email": email_of("siti")})
    new = visitor.post("/daftar", TUTI)

    assert (known.status_code, known.location) == (new.status_code, new.location)
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


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(visitor):
    wrong = log_in(visitor, email_of("siti"), "bukan-kata-sandinya")
    unknown = log_in(visitor, "siapa@contoh.test", "bukan-kata-sandinya")

    assert wrong.status_code == unknown.status_code == 422
    assert "Email atau kata sandi tidak cocok." in wrong.text
    assert same(wrong.text, email_of("siti")) == same(unknown.text, "siapa@contoh.test")


def same(page: str, email: str) -> str:
    """Take away what must differ between two pages."""
    return page.replace(email, "").replace(hidden(page, "csrf_token"), "")


def test_logging_out_ends_the_log_in_itself(siti):
    kept = siti.client.get_cookie("pst_l").value

    assert siti.post("/keluar").location == "/"

    siti.client.set_cookie("pst_l", kept)
    assert siti.get("/akun").status_code == 302, "the token opens nothing any more"


def test_opening_the_log_out_address_changes_nothing(siti):
    assert "Tekan tombol ini" in siti.get("/keluar").text
    assert siti.get("/akun").status_code == 200


def test_a_log_in_leads_on_to_where_one_wanted_to_go_but_not_outside(visitor, browser):
    assert visitor.get("/akun").location == "/masuk?next=/akun"

    inside = log_in(visitor, email_of("siti"), PASSWORD, next="/akun")
    outside = log_in(browser(), email_of("siti"), PASSWORD, next="//jahat.test/")

    assert inside.location == "/akun"
    assert outside.location == "/konsultasi"


def test_a_log_in_of_an_officer_ends_after_four_hours_without_anybody(budi, siti, at):
    at("2026-03-02 12:59+07:00")
    assert budi.get("/akun").status_code == 200

    at("2026-03-02 16:58+07:00")
    assert budi.get("/akun").status_code == 200, "being there put the end off"

    at("2026-03-02 20:58+07:00")
    assert budi.get("/akun").status_code == 302
    assert siti.get("/akun").status_code == 200, "users stay signed in for longer"


def test_a_poll_is_nobody_being_there(budi, at):
    for hour in (11, 12):
        at(f"2026-03-02 {hour}:30+07:00")
        budi.get("/petugas/daftar-kerja", headers={"HX-PTag": "x"})

    at("2026-03-02 13:00+07:00")
    assert budi.get("/akun").status_code == 302


def test_a_log_in_of_an_officer_ends_after_fourteen_hours_whoever_is_there(budi, at):
    for hour in (12, 15, 18, 21, 22):
        at(f"2026-03-02 {hour}:30+07:00")
        assert budi.get("/akun").status_code == 200

    at("2026-03-02 23:00+07:00")
    assert budi.get("/akun").status_code == 302


def test_a_forgotten_password_is_replaced_by_a_mailed_link(visitor, siti, andi):
    answer = visitor.post("/lupa-sandi", {"email": email_of("siti")})
    link = link_in(andi, "mengganti kata sandi", "/sandi-baru/")

    assert answer.location == "/lupa-sandi/terkirim"
    assert visitor.post(link, {"password": NEW}).location == "/masuk"
    assert siti.get("/akun").status_code == 302, "every device was signed out"
    assert log_in(visitor, email_of("siti"), PASSWORD).status_code == 422
    assert log_in(visitor, email_of("siti"), NEW).status_code == 303
    assert letters(andi, "Kata sandi akun Anda diganti")


def test_a_link_to_a_new_password_works_once_and_for_an_hour(visitor, andi, at):
    visitor.post("/lupa-sandi", {"email": email_of("siti")})
    first = link_in(andi, "mengganti kata sandi", "/sandi-baru/")
    at("2026-03-02 10:00+07:00")
    assert visitor.get(first).status_code == 410
    assert visitor.post(first, {"password": NEW}).status_code == 410

    visitor.post("/lupa-sandi", {"email": email_of("siti")})
    second = link_in(andi, "mengganti kata sandi", "/sandi-baru/")
    visitor.post(second, {"password": NEW})
    assert visitor.post(second, {"password": "sandi-lain-lagi"}).status_code == 410


def test_a_weak_new_password_is_refused_and_the_link_still_works(visitor, andi):
    visitor.post("/lupa-sandi", {"email": email_of("siti")})
    link = link_in(andi, "mengganti kata sandi", "/sandi-baru/")

    assert visitor.post(link, {"password": "aaaaaaaaaaaaaa"}).status_code == 422
    assert visitor.post(link, {"password": NEW}).status_code == 303


def test_forgetting_answers_the_same_for_known_and_unknown(visitor, andi):
    known = visitor.post("/lupa-sandi", {"email": email_of("siti")})
    unknown = visitor.post("/lupa-sandi", {"email": "siapa@contoh.test"})

    assert (known.status_code, known.location) == (
        unknown.status_code,
        unknown.location,
    )
    assert len(letters(andi)) == 1


def test_a_person_corrects_their_profile(siti):
    siti.post(
        "/akun/profil",
        {
            "name": "Siti Rahayu, M.Si.",
            "institution_kind": "pemda",
            "institution": "Dinas Kesehatan",
            "occupation": "asn",
        },
    )

    page = siti.get("/akun").text
    assert "Siti Rahayu, M.Si." in page
    assert "Dinas Kesehatan" in page


def test_an_officer_has_no_institution_to_fill_in(budi):
    assert "Pekerjaan" not in budi.get("/akun").text

    assert budi.post("/akun/profil", {"name": "Budi S."}).status_code == 303
    assert "Budi S." in budi.get("/akun").text


def test_a_refused_profile_keeps_what_was_typed(siti):
    answer = siti.post("/akun/profil", {"name": "", "institution": "Dinas Kesehatan"})

    assert answer.status_code == 422
    assert "Dinas Kesehatan" in answer.text
    assert "Dinas Kesehatan" not in siti.get("/akun").text


def test_changing_the_password_needs_the_present_one(siti):
    wrong = siti.post("/akun/kata-sandi", {"current": "bukan-ini", "password": NEW})
    right = siti.post("/akun/kata-sandi", {"current": PASSWORD, "password": NEW})

    assert wrong.status_code == 422
    assert "Kata sandi sekarang tidak cocok." in wrong.text
    assert right.location == "/masuk"
    assert siti.get("/akun").status_code == 302


def test_what_was_typed_survives_a_session_that_ended(siti):
    """The answer to the POST carries the text through the log-in, back to its form."""
    profile = {
        "name": "Siti Rahayu",
        "institution_kind": "pemda",
        "institution": "Dinas Komunikasi dan Informatika",
        "occupation": "asn",
    }
    siti.client.delete_cookie("pst_l")

    refused = siti.post("/akun/profil", profile, headers=OURS)
    assert refused.status_code == 401
    assert "isian Anda tidak hilang" in refused.text
    assert "Dinas Komunikasi dan Informatika" in refused.text

    back = log_in(siti, email_of("siti"), PASSWORD, **held_in(refused.text))
    assert "Kirim sekali lagi" in back.text
    assert hidden(back.text, "institution") == profile["institution"]

    siti.post("/akun/profil", profile)
    assert "Dinas Komunikasi dan Informatika" in siti.get("/akun").text


def test_what_was_held_is_sent_with_the_first_press_of_the_button(siti):
    profile = {
        "name": "Siti Rahayu",
        "institution_kind": "pemda",
        "institution": "Dinas Komunikasi dan Informatika",
        "occupation": "asn",
    }
    siti.client.delete_cookie("pst_l")
    refused = siti.post("/akun/profil", profile, headers=OURS)
    back = log_in(siti, email_of("siti"), PASSWORD, **held_in(refused.text))

    form = back.text.partition("<main")[2]
    sent = {name: hidden(form, name) for name in ("csrf_token", *profile)}
    answer = siti.client.post(hidden_action(form), data=sent, headers=OURS)

    assert answer.status_code == 303
    assert "Dinas Komunikasi dan Informatika" in siti.get("/akun").text


def hidden_action(form: str) -> str:
    return form.partition('<form method="post" action="')[2].partition('"')[0]


def test_what_was_typed_survives_a_wrong_password_too(siti):
    siti.client.delete_cookie("pst_l")
    refused = siti.post("/akun/profil", {"institution": "Dinas X"}, headers=OURS)

    wrong = log_in(siti, email_of("siti"), "salah-salah-salah", **held_in(refused.text))

    assert wrong.status_code == 422
    right = log_in(siti, email_of("siti"), PASSWORD, **held_in(wrong.text))
    form = right.text.partition("<main")[2]
    assert hidden(form, "institution") == "Dinas X"


def held_in(page: str) -> dict[str, str]:
    return {"held": hidden(page, "held")}


def test_the_longest_message_comes_back_through_a_small_door(siti):
    siti.client.delete_cookie("pst_l")
    words = "".join(chr(0x1F300 + n * 7919 % 0x2FF) for n in range(10_000))

    refused = siti.post(
        "/konsultasi/KS-2026-000001/pesan", {"body": words}, headers=OURS
    )
    held = held_in(refused.text)
    assert len(held["held"]) < 48 * 1024, "nginx takes 64 KB from one who logs in"
    back = log_in(siti, email_of("siti"), PASSWORD, **held)

    assert words in hidden(back.text.partition("<main")[2], "body")


def test_what_no_log_in_form_can_carry_waits_in_its_own_page(siti):
    siti.client.delete_cookie("pst_l")
    words = secrets.token_urlsafe(60_000)

    refused = siti.post("/akun/profil", {"institution": words}, headers=OURS)
    assert refused.status_code == 401
    assert 'name="held"' not in refused.text
    assert "Masuk di tab baru" in refused.text
    form = refused.text.partition("<main")[2]
    assert hidden(form, "institution") == words
    assert hidden_action(form) == "/akun/profil"


def test_words_held_by_a_log_in_form_are_taken_only_from_us(siti):
    forged = URLSafeSerializer("another key", "resubmission").dumps(
        ["/akun/profil", [["institution", "Palsu"]], []]
    )

    for held in (forged, "x", "", forged[:-2], "." + forged):
        answer = log_in(siti, email_of("siti"), PASSWORD, held=held)
        assert answer.status_code == 303, held
        siti.client.delete_cookie("pst_l")


def test_a_form_without_our_token_changes_nothing(siti):
    answer = siti.client.post("/akun/profil", data={"name": "Nama Palsu"})

    assert answer.status_code == 400
    assert "Tidak ada yang diubah" in answer.text
    assert "Nama Palsu" not in answer.text
    assert "Nama Palsu" not in siti.get("/akun").text


def test_a_page_of_ours_that_lay_open_too_long_gives_the_text_back(siti):
    answer = siti.client.post(
        "/akun/profil", data={"institution": "Dinas Kesehatan"}, headers=OURS
    )

    assert answer.status_code == 400
    assert hidden(answer.text, "institution") == "Dinas Kesehatan"
    assert "Kirim sekali lagi" in answer.text


def test_another_site_gets_nothing_of_a_forged_form_back(siti):
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost.jahat.test"},
        {"Origin": "null"},
    ):
        answer = siti.client.post(
            "/akun/profil", data={"institution": "Isian palsu"}, headers=headers
        )
        assert answer.status_code in (400, 403)
        assert "Isian palsu" not in answer.text


def test_a_forged_log_in_or_log_out_is_refused(siti, visitor):
    assert siti.client.post("/keluar").status_code == 400
    assert siti.get("/akun").status_code == 200

    answer = visitor.client.post(
        "/masuk", data={"email": email_of("siti"), "password": PASSWORD}
    )
    assert answer.status_code == 400
    assert visitor.client.get_cookie("pst_l") is None


def test_a_person_without_a_verified_address_can_log_in_but_is_told(visitor, andi):
    visitor.post("/daftar", TUTI)

    assert log_in(visitor, "tuti@contoh.test", NEW).status_code == 303
    assert "belum terverifikasi" in visitor.get("/akun").text


def test_nobody_verifies_what_a_stranger_registered(browser, andi):
    """Whoever registers with her address has chosen the password; she has not."""
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

    def kept(email: str) -> set[str]:
        visitor = browser()
        visitor.post("/daftar", {**TUTI, "email": email})
        with visitor.client.session_transaction() as session:
            return set(session)

    assert kept(email_of("siti")) == kept("tuti@contoh.test")


@pytest.mark.parametrize("path", ["/keluar", "/akun/perangkat/pengeluaran"])
def test_whoever_logs_out_with_two_presses_is_out(siti, path):
    first = siti.post(path)
    assert first.status_code == 303

    again = siti.client.post(path, data={"csrf_token": "dari halaman tadi"})

    assert "Anda sudah keluar" in again.text
    assert "Sesi Anda berakhir" not in again.text
    assert siti.get("/akun").status_code == 302


def test_a_second_press_with_the_cookies_of_the_first_says_so_too(siti):
    token = siti.token()
    log_in = {c.key: c.value for c in siti.client._cookies.values()}
    siti.client.post("/akun/perangkat/pengeluaran", data={"csrf_token": token})
    for key, value in log_in.items():
        siti.client.set_cookie(key, value)

    again = siti.client.post("/akun/perangkat/pengeluaran", data={"csrf_token": token})

    assert again.status_code == 401
    assert "Anda sudah keluar" in again.text


@pytest.mark.parametrize("path", ["/masuk", "/daftar"])
@pytest.mark.parametrize(
    ("name", "home"),
    [
        ("siti", "/konsultasi"),
        ("budi", "/petugas"),
        ("hasan", "/ketua"),
        ("andi", "/admin"),
    ],
)
def test_whoever_is_in_already_is_sent_to_their_own_start(browser, path, name, home):
    answer = browser().log_in(name).get(path)

    assert answer.status_code == 303
    assert answer.location.rstrip("/") == home


def test_whoever_is_in_already_goes_on_to_where_they_wanted(siti):
    assert siti.get("/masuk?next=/akun").location == "/akun"
    for elsewhere in ("//jahat.test", "https://jahat.test/", "/\\jahat.test"):
        answer = siti.get("/masuk", query_string={"next": elsewhere})
        assert answer.location == "/konsultasi"
