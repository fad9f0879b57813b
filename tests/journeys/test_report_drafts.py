"""Writing a report: what is stored, and what comes back to be corrected."""

import html
import re

import pytest

from pst.database import transaction
from pst.reports.models import Report
from pst.reports.periods import Period
from tests.pages import hidden
from tests.steps import (
    DESK,
    REPORT,
    SHELF,
    ask,
    consulted,
    drafted,
    head_address,
    rate,
)


def test_another_officers_draft_does_not_exist(budi, rina, hasan):
    address = drafted(budi)

    assert rina.get(address).status_code == 404
    assert rina.get(f"{address}/pratinjau").status_code == 404
    assert rina.post(f"{address}/isian", REPORT).status_code == 404
    assert rina.post(f"{address}/pengiriman").status_code == 404
    assert hasan.get(head_address(address)).status_code == 404


def test_what_cannot_be_stored_comes_back_filled(budi):
    address = drafted(budi)

    answer = budi.post(f"{address}/isian", {**REPORT, "summary": "x" * 6001})

    assert answer.status_code == 422
    assert "Maksimal 6.000 karakter" in answer.text
    assert "x" * 6001 in answer.text
    assert "Tambah petugas pada hari Senin." in answer.text


def test_a_draft_is_stored_while_it_is_typed(budi):
    address = drafted(budi)

    answer = budi.post(f"{address}/isian", REPORT, headers={"HX-Request": "true"})

    assert answer.status_code == 204
    assert answer.headers["HX-Trigger"] == "saved"
    assert "Tersimpan pukul 09.00 WIB" in budi.get(f"{address}/tersimpan").text


@pytest.mark.parametrize(
    ("button", "onward"),
    [("pratinjau", "/pratinjau"), ("umpan-balik", "/umpan-balik"), ("simpan", "")],
)
def test_every_button_of_the_draft_stores_what_was_typed(budi, button, onward):
    address = drafted(budi)

    answer = budi.post(f"{address}/isian", {**REPORT, "press": button})

    assert answer.location == address + onward
    assert REPORT["summary"] in budi.get(f"{address}/pratinjau").text


def test_nothing_leaves_the_draft_but_its_buttons(budi, siti):
    rate(siti, consulted(siti, budi), "Lama.")
    address = drafted(budi, period="2026-03")

    page = budi.get(address).text

    assert f'href="{address}/pratinjau"' not in page
    assert f'href="{address}/umpan-balik"' not in page
    assert re.search(r'<button[^>]*value="pratinjau">Pratinjau dan kirim<', page)
    assert re.search(r'<button[^>]*value="umpan-balik">Tentukan tema', page)


def test_a_bad_field_stops_the_way_to_the_preview(budi):
    address = drafted(budi)

    form = {**REPORT, "summary": "x" * 6001, "press": "pratinjau"}
    answer = budi.post(f"{address}/isian", form)

    assert answer.status_code == 422
    assert "Maksimal 6.000 karakter" in answer.text


def test_the_draft_of_the_clock_is_the_one_that_is_written(app, budi, rina):
    with app.app_context(), transaction():
        untaken = Report.draft(Period.parse("2026-02"), None).id

    assert drafted(budi) == f"{SHELF}/{untaken}"
    assert rina.get(f"{SHELF}/{untaken}").status_code == 404
    assert "Disusun otomatis" not in rina.get(SHELF).text


def test_the_preview_names_the_figures_that_moved(siti, dewi, budi):
    ask(siti)
    address = drafted(budi, period="2026-03")
    figures = html.unescape(hidden(budi.get(address).text, "figures"))
    assert (
        budi.post(f"{address}/isian", {**REPORT, "figures": figures}).status_code == 303
    )
    moved = "Angka berubah sejak tulisan disimpan."
    assert moved not in budi.get(f"{address}/pratinjau").text

    ask(dewi)

    page = budi.get(f"{address}/pratinjau").text
    assert moved in page
    assert "<li>Konsultasi diajukan: 1 menjadi <b>2</b></li>" in page
    assert "Penilaian masuk:" not in page
    figures = html.unescape(hidden(budi.get(address).text, "figures"))
    budi.post(f"{address}/isian", {**REPORT, "figures": figures})
    assert moved not in budi.get(f"{address}/pratinjau").text


@pytest.mark.parametrize("figures", ["", "x", "[" * 1999, "{", '{"a": 1}', "9" * 5000])
def test_figures_that_are_none_are_left_out(budi, figures):
    address = drafted(budi)

    words = {**REPORT, "figures": figures}
    assert budi.post(f"{address}/isian", words).status_code == 303
    assert "Angka berubah" not in budi.get(f"{address}/pratinjau").text


def test_why_it_was_late_is_written_once_and_counted(siti, budi, at):
    ask(siti)
    budi.post(f"{DESK}/pengambilan")
    at("2026-03-09 09:00+07:00")
    budi.log_in("budi").post(f"{DESK}/pesan", {"body": "Maaf, ini jawabannya."})
    address = drafted(budi, period="2026-03")
    page = budi.get(address).text
    assert 'name="late-0-cause"' not in page
    assert "<td>Belum dijelaskan</td>" in page

    late = {"reason": "system", "note": "Listrik padam"}
    assert budi.post(f"{DESK}/penutupan", late).status_code == 303

    for shown in (budi.get(address).text, budi.get(f"{address}/pratinjau").text):
        assert "Gangguan sistem: Listrik padam" in shown
        assert "Belum dijelaskan" not in shown


def test_a_date_that_is_none_is_told_in_indonesian(budi):
    answer = budi.post(
        SHELF, {"period": "rentang", "first": "kemarin", "last": "2026-02-10"}
    )

    assert answer.status_code == 422
    assert "Pilih tanggal, atau tulis dalam bentuk 2026-11-22." in answer.text
    assert "Not a valid" not in answer.text
