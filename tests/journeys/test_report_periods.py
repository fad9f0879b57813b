"""The period of a report: begun twice, over or not, filled in badly."""

import re

import pytest

from tests.pages import hidden
from tests.steps import (
    REPORT,
    SHELF,
    drafted,
    head_address,
    send_report,
    sent_report,
)


def test_a_second_report_on_a_period_is_written_only_on_purpose(budi, rina, hasan):
    first = sent_report(budi)

    answer = rina.post(SHELF, {"period": "2026-02"})
    assert answer.status_code == 409
    assert "Laporan tentang Februari 2026 sudah disusun atau dikirim." in answer.text
    assert "dikirim Budi Santoso" in answer.text and f'href="{first}"' in answer.text
    assert "Draf" not in rina.get(SHELF).text

    second = drafted(rina, period="2026-02", anyway="y")
    rina.post(f"{second}/isian", REPORT)
    for page in (rina.get(second).text, rina.get(f"{second}/pratinjau").text):
        assert "Laporan lain tentang Februari 2026 sudah disusun atau dikirim." in page
        assert "versi 2" in page
    assert send_report(rina, second).status_code == 303
    answer = hasan.get(f"{head_address(second)}")
    assert f'href="{head_address(first)}"' in answer.text
    file = hasan.get(f"{second}/laporan.pdf").headers["Content-Disposition"]
    assert "laporan-2026-02-v2.pdf" in file


def test_a_colleagues_draft_is_told_of_but_not_shown(budi, rina):
    address = drafted(budi)

    answer = rina.post(SHELF, {"period": "2026-02"})

    assert answer.status_code == 409
    assert "Budi Santoso sedang menyusun versi 1" in answer.text
    assert address not in answer.text
    assert rina.get(address).status_code == 404
    second = drafted(rina, period="2026-02", anyway="y")
    told = "Rina Wijaya sedang menyusun versi 2"
    assert told in budi.get(address).text
    assert drafted(rina) == second


def test_who_sent_a_report_is_told_before_writing_another(budi):
    sent_report(budi)

    answer = budi.post(SHELF, {"period": "2026-02"})

    assert answer.status_code == 409
    assert "dikirim Anda, 2 Maret 2026" in answer.text


def test_a_span_typed_twice_goes_on_with_its_dates(budi, rina):
    span = {"period": "rentang", "first": "2026-02-10", "last": "2026-02-20"}
    drafted(budi, **span)

    page = rina.post(SHELF, span).text
    again = {name: hidden(page, name) for name in (*span, "anyway")}

    assert again == {**span, "anyway": "y"}
    assert drafted(rina, **again)


def test_a_span_of_days_is_reported_on(budi):
    address = drafted(budi, period="rentang", first="2026-02-10", last="2026-02-20")

    assert "10 Februari 2026–20 Februari 2026" in budi.get(address).text


def test_a_period_that_is_not_over_is_marked_on_every_page(budi, hasan, at):
    told = "Periode belum berakhir: angka sampai 2 Maret 2026 pukul 09.00 WIB"
    draft = drafted(budi, period="rentang", first="2026-03-01", last="2026-03-30")
    assert told in budi.get(draft).text
    assert told in budi.get(f"{draft}/pratinjau").text
    address = sent_report(budi, period="2026-03")

    at("2026-04-01 09:00+07:00")  # what was sent stays what it was
    assert told in budi.log_in("budi").get(address).text
    assert told in hasan.log_in("hasan").get(head_address(address)).text
    assert "Periode belum berakhir" not in budi.get(draft).text


@pytest.mark.parametrize(
    ("now", "is_early"),
    [("2026-02-28 23:59:59+07:00", True), ("2026-03-01 00:00+07:00", False)],
)
def test_a_period_is_over_at_midnight(browser, at, now, is_early):
    at(now)
    budi = browser().log_in("budi")
    address = drafted(budi, period="2026-02")

    page = budi.get(address).text

    assert ("Periode belum berakhir" in page) is is_early


def test_a_bad_period_is_refused_with_what_was_typed(budi):
    answer = budi.post(
        SHELF, {"period": "rentang", "first": "2026-02-20", "last": "2026-02-10"}
    )

    assert answer.status_code == 422
    assert "Tanggal awal harus sebelum tanggal akhir." in answer.text
    assert re.search(r'name="first"[^>]*value="2026-02-20"', answer.text)


def test_dates_that_are_filled_in_go_before_the_list(budi):
    span = {"period": "2026-02", "first": "2026-01-05", "last": "2026-01-20"}

    page = budi.get(drafted(budi, **span)).text

    assert "5 Januari 2026–20 Januari 2026" in page
    half = budi.post(SHELF, {**span, "last": ""})
    assert half.status_code == 422
    assert "Isi tanggal awal dan akhir." in half.text
    assert re.search(r"<details open>\s*<summary>Rentang tanggal", half.text)
