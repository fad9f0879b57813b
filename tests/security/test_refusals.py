"""Refusals leave traces: in the log, in the figures, and with the admins."""

import logging

import pytest

from pst.accounts.log_in import refusals
from pst.accounts.log_in.throttling import guesses
from pst.admin.health.alarms import tell_of_refusals
from tests.journeys.conftest import Browser
from tests.journeys.mailbox import letters

REQUEST = {
    **{"subject": "Jumlah penduduk", "description": "Menurut umur."},
    **{"area": "Wanadadi", "years": "2025"},
}


def from_network(app, address: str) -> Browser:
    browser = Browser(app)
    browser.client.environ_base["REMOTE_ADDR"] = address
    return browser


def lines(caplog) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.name == refusals.__name__]


def test_each_refusal_is_logged_with_who_and_a_shortened_network(strict, caplog):
    stranger = from_network(strict, "203.0.113.77")
    siti = from_network(strict, "2001:db8:1:2::3").log_in("siti")
    dewi = from_network(strict, "198.51.100.9").log_in("dewi")
    address = siti.post("/konsultasi/baru?jenis=data", REQUEST).location.split("?")[0]
    caplog.clear()
    caplog.set_level(logging.INFO)

    stranger.get(address)
    siti.get("/admin/pengguna")
    dewi.get(address)
    dewi.get("/konsultasi/KS-2026-000999")
    siti.get(address)

    found = lines(caplog)
    assert found[0] == "refused 401: a stranger from 203.0.113.0/24"
    assert found[1].startswith("refused 403: person ")
    assert found[1].endswith(" from 2001:db8:1::/48")
    assert found[2].startswith("refused 404: person ")
    assert len(found) == 3


def test_the_limiter_writes_no_whole_address(strict, caplog):
    script = from_network(strict, "203.0.113.77")
    caplog.set_level(logging.INFO)
    for _ in range(62):
        script.get("/cari?q=padi")

    assert "refused 429: a stranger from 203.0.113.0/24" in lines(caplog)
    assert "203.0.113.77" not in caplog.text


def test_they_are_counted_in_the_figures(strict):
    siti = from_network(strict, "198.51.100.9").log_in("siti")
    for _ in range(3):
        siti.get("/admin/pengguna")

    figures = from_network(strict, "127.0.0.1").get("/metrics").text
    assert 'pst_refused_in_hour{status="403"} 3' in figures


def test_one_network_writes_so_many_lines_a_minute(strict, caplog):
    siti = from_network(strict, "198.51.100.9").log_in("siti")
    for _ in range(35):
        siti.get("/admin/pengguna")

    assert len(lines(caplog)) == 30
    with strict.app_context():
        assert refusals.this_hour()[403] == 35


def test_the_admins_are_told_once_and_nothing_turns_red(strict, monkeypatch):
    monkeypatch.setitem(refusals.TOO_MANY, 403, 3)
    siti = from_network(strict, "198.51.100.9").log_in("siti")
    andi = from_network(strict, "192.0.2.200").log_in("andi")
    with strict.test_request_context():
        tell_of_refusals()
    assert not letters(andi, "menolak")

    for _ in range(3):
        siti.get("/admin/pengguna")
    for _ in range(2):
        with strict.test_request_context():
            tell_of_refusals()

    assert len(letters(andi, "3 permintaan: bukan haknya")) == 1
    assert "Banyak permintaan ditolak" in andi.get("/admin/sistem").text


@pytest.mark.parametrize(
    ("status", "count"), [(401, 1_000), (403, 100), (404, 60), (429, 500)]
)
def test_from_so_many_refusals_in_an_hour_on_someone_tries_doors(
    strict, at, status, count
):
    with strict.app_context():
        for _ in range(count - 1):
            guesses().tally("refused", str(status))
        assert refusals.too_many() == {}
        guesses().tally("refused", str(status))
        assert refusals.too_many() == {status: count}
