"""Nothing is closed at the desk over what was not read."""

import re

from tests.journeys.closing.steps import OTHER, button
from tests.journeys.conftest import hidden
from tests.journeys.mailbox import link_in
from tests.steps import DESK, MINE, WORK, ask, send_letter


def test_nothing_is_closed_over_a_message_that_was_not_read(answered, siti, budi):
    closing = button(answered, f"{DESK}/penutupan")
    siti.post(f"{MINE}/pesan", {"body": "Yang saya maksud Batur."})

    answer = budi.post(f"{DESK}/penutupan", closing)

    assert answer.status_code == 409
    assert "Siti Rahayu menulis sesudah halaman tadi Anda buka" in answer.text
    assert "Yang saya maksud Batur." in answer.text
    assert "Sedang dilayani" in budi.get(DESK).text

    assert "Permintaan terakhir pengguna belum dijawab." in answer.text
    again = {**button(answer.text, f"{DESK}/penutupan"), "unanswered": "Tidak ada."}
    assert budi.post(f"{DESK}/penutupan", again).status_code == 303
    assert "Selesai" in budi.get(DESK).text


def test_a_double_is_not_closed_over_a_message_either(answered, siti, budi):
    ask(siti, subject="Penduduk Batur")
    double = {"closing_reason": "duplicate", "same_as": OTHER}
    closing = {**button(answered, f"{DESK}/penutupan"), **double}
    siti.post(f"{MINE}/pesan", {"body": "Ini berbeda."})

    answer = budi.post(f"{DESK}/penutupan", closing)

    assert answer.status_code == 409
    assert hidden(answer.text, "closing_reason") == "duplicate"


def test_a_message_that_came_before_the_late_reason_is_read_first(
    answered, siti, budi, at
):
    siti.post(f"{MINE}/pesan", {"body": "Satu lagi."})
    at("2026-03-06 09:00+07:00")
    budi.log_in("budi")
    page = budi.get(DESK).text
    match = re.search(rf'href="({DESK}/penutupan\?[^"]+)">Tutup k', page)
    assert match
    siti.log_in("siti").post(f"{MINE}/pesan", {"body": "Masih saya tunggu."})

    page = budi.get(match[1].replace("&amp;", "&")).text

    assert "Masih saya tunggu." in page
    siti.post(f"{MINE}/pesan", {"body": "Halo?"})
    why = {"reason": "workload", "note": "Sensus", "seen": hidden(page, "seen")}
    refused = budi.post(f"{DESK}/penutupan", why)
    assert refused.status_code == 409
    assert "Halo?" in refused.text
    assert "Sensus" in refused.text
    assert "Terlambat:" not in budi.get(DESK).text


def test_no_question_goes_out_before_what_came_was_read(answered, siti, budi):
    seen = button(answered, f"{DESK}/kejelasan")["seen"]
    siti.post(f"{MINE}/pesan", {"body": "Yang saya maksud Batur."})

    form = {"body": "Kecamatan mana?", "seen": seen}
    answer = budi.post(f"{DESK}/kejelasan", form)

    assert answer.status_code == 409
    assert "Siti Rahayu menulis sesudah halaman ini Anda buka" in answer.text
    assert "Kecamatan mana?" in answer.text
    assert "Kecamatan mana?" not in siti.get(MINE).text
    form["seen"] = button(answer.text, f"{DESK}/kejelasan")["seen"]
    assert budi.post(f"{DESK}/kejelasan", form).status_code == 303


def test_a_follow_up_is_not_closed_over_an_answer_that_was_not_read(
    low,  # noqa: F811
    visitor,
    budi,
    andi,
):
    budi.post(f"{WORK}/pengambilan")
    send_letter(budi)
    closing = button(budi.get(WORK).text, f"{WORK}/penutupan")
    from_mail = link_in(andi, "Menindaklanjuti masukan", "/tindak-lanjut/")
    visitor.post(from_mail, {"body": "Tabel 3.1 masih kosong."})

    form = {"resolution": "Tabel dikirim.", **closing}
    answer = budi.post(f"{WORK}/penutupan", form)

    assert answer.status_code == 409
    assert "Baca dahulu; tindak lanjut ini belum ditutup." in answer.text
    assert "Tabel 3.1 masih kosong." in answer.text
    assert "Tabel dikirim." in answer.text
    form |= button(answer.text, f"{WORK}/penutupan")
    assert budi.post(f"{WORK}/penutupan", form).status_code == 303
