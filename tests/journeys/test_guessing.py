"""A person who guesses at passwords has to wait, and keeps no one else out."""

from tests.journeys.conftest import Browser
from tests.journeys.mailbox import link_in
from tests.people import PASSWORD, email_of


def guess(browser: Browser, network: str, password: str = "bukan-kata-sandinya"):
    return browser.post(
        "/masuk",
        {"email": email_of("siti"), "password": password},
        environ_base={"REMOTE_ADDR": network},
    )


def test_a_guesser_waits_and_the_owner_does_not(strict):
    stranger, siti = Browser(strict), Browser(strict)
    for _ in range(5):
        assert guess(stranger, "10.0.0.1").status_code == 422

    slowed = guess(stranger, "10.0.0.1", PASSWORD)
    assert slowed.status_code == 429, "even the right one is not looked at"
    assert "Terlalu banyak percobaan" in slowed.text

    assert guess(siti, "10.0.0.2", PASSWORD).status_code == 303


def test_a_known_browser_gets_in_while_strangers_guess(strict):
    siti = Browser(strict)
    guess(siti, "10.0.9.9", PASSWORD)
    siti.post("/keluar")
    for n in range(62):
        guess(Browser(strict), f"10.0.{n}.1")

    assert guess(Browser(strict), "10.9.9.9", PASSWORD).status_code == 429
    assert guess(siti, "10.0.9.9", PASSWORD).status_code == 303


def test_a_mark_of_another_account_makes_no_browser_known(strict):
    dewi = Browser(strict)
    dewi.log_in("dewi")
    dewi.post("/keluar")

    for _ in range(5):
        guess(dewi, "10.0.0.1")

    assert guess(dewi, "10.0.0.1").status_code == 429


def test_waiting_grows_and_ends(strict, at):
    stranger = Browser(strict)
    for _ in range(6):
        guess(stranger, "10.0.0.1")
    assert "detik" in guess(stranger, "10.0.0.1").text

    at("2026-03-02 09:01+07:00")
    for _ in range(5):
        assert guess(stranger, "10.0.0.1").status_code == 422
    assert "menit" in guess(stranger, "10.0.0.1").text


def test_the_owner_of_the_mailbox_gets_in_while_strangers_guess(strict):
    for n in range(62):
        guess(Browser(strict), f"10.0.{n}.1")
    andi, siti = Browser(strict).log_in("andi"), Browser(strict)
    assert guess(siti, "10.9.9.9", PASSWORD).status_code == 429

    siti.post("/lupa-sandi", {"email": email_of("siti")})
    link = link_in(andi, "mengganti kata sandi", "/sandi-baru/")
    siti.post(link, {"password": "rumah-kecil-di-tepi-serayu"})

    answer = guess(siti, "10.9.9.9", "rumah-kecil-di-tepi-serayu")
    assert answer.status_code == 303
