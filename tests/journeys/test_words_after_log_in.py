"""What was typed when a session had ended, or in a page that lay open too long."""

import secrets

from itsdangerous import URLSafeSerializer

from tests.journeys.conftest import hidden
from tests.people import PASSWORD, email_of
from tests.steps import log_in

OURS = {"Sec-Fetch-Site": "same-origin"}
PROFILE = {
    "name": "Siti Rahayu",
    "institution_kind": "pemda",
    "institution": "Dinas Komunikasi dan Informatika",
    "occupation": "asn",
}


def test_what_was_typed_survives_a_session_that_ended(siti):
    """The answer to the POST carries the text through the log-in, back to its form."""
    siti.client.delete_cookie("pst_l")

    refused = siti.post("/akun/profil", PROFILE, headers=OURS)
    assert refused.status_code == 401
    assert "kiriman Anda tidak hilang" in refused.text
    assert "Dinas Komunikasi dan Informatika" in refused.text

    back = log_in(siti, email_of("siti"), PASSWORD, **held_in(refused.text))
    assert "Kirim sekali lagi" in back.text
    assert hidden(back.text, "institution") == PROFILE["institution"]

    siti.post("/akun/profil", PROFILE)
    assert "Dinas Komunikasi dan Informatika" in siti.get("/akun").text


def test_what_was_held_is_sent_with_the_first_press_of_the_button(siti):
    siti.client.delete_cookie("pst_l")
    refused = siti.post("/akun/profil", PROFILE, headers=OURS)
    back = log_in(siti, email_of("siti"), PASSWORD, **held_in(refused.text))

    form = back.text.partition("<main")[2]
    sent = {name: hidden(form, name) for name in ("csrf_token", *PROFILE)}
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


def test_a_button_that_was_pressed_is_not_spoken_of_as_words(budi):
    budi.client.delete_cookie("pst_l")
    press = {"claim": "KS-2026-000001"}
    refused = budi.post("/petugas/daftar-kerja/pengambilan", press, headers=OURS)
    back = log_in(budi, email_of("budi"), PASSWORD, **held_in(refused.text))

    for page in (refused.text, back.text):
        main = page.partition("<main")[2].partition("</main>")[0].lower()
        assert "kirim" in main
        assert "isian" not in main and "tulisan" not in main


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
