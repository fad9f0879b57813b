"""The admin changes the calendar; deadlines follow only when the admin says so."""

from tests.journeys.conftest import hidden
from tests.steps import MINE, ask

HOURS = {
    "title": "Ramadan",
    "first": "2026-03-01",
    "last": "2026-03-20",
    "weekdays": "08.00-15.00",
    "friday": "08.00-11.30, 13.00-15.30",
}


def test_deadlines_follow_the_calendar_when_confirmed(siti, andi):
    ask(siti)
    assert "5 Maret 2026 pukul 15.30" in siti.get(MINE).text
    assert andi.post("/admin/kalender/jam", HOURS).location == "/admin/kalender/tenggat"
    page = andi.get("/admin/kalender/tenggat").text
    assert "Belum ada yang dipindahkan" in page
    assert "5 Maret 2026 pukul 15.30" in siti.get(MINE).text

    ask(siti, subject="Kedua, sesudah kalender berubah")
    form = {"mark": hidden(page, "mark")}
    assert andi.post("/admin/kalender/tenggat", form).status_code == 303

    assert "paling lambat <b>5 Maret 2026 pukul 15.00" in siti.get(MINE).text
    assert "Semua tenggat sesuai" in andi.get("/admin/kalender/tenggat").text


def test_only_what_was_shown_is_moved(siti, andi):
    ask(siti)
    andi.post("/admin/kalender/jam", HOURS)
    page = andi.get("/admin/kalender/tenggat").text
    andi.post("/admin/kalender", {"on": "2026-03-05", "name": "Pemadaman"})

    form = {"mark": hidden(page, "mark")}
    answer = andi.post("/admin/kalender/tenggat", form)

    assert answer.status_code == 409
    assert "5 Maret 2026 pukul 15.30" in siti.get(MINE).text


def test_hours_that_cannot_be_are_refused(andi):
    for wrong in ({"friday": "13.00-08.00"}, {"last": "2026-02-01"}, {"weekdays": "x"}):
        answer = andi.post("/admin/kalender/jam", {**HOURS, **wrong})
        assert answer.status_code == 422
        assert "Ramadan" in answer.text


def test_december_warns_of_the_coming_year(andi, at):
    at("2026-11-30 09:00+07:00")
    andi.log_in("andi")
    assert "belum resmi" not in andi.get("/admin/kalender").text
    at("2026-12-01 09:00+07:00")
    andi.log_in("andi")
    assert "cuti bersama 2027 belum resmi" in andi.get("/admin/kalender").text

    andi.post("/admin/kalender/2027/pengesahan")
    assert "belum resmi" not in andi.get("/admin/kalender").text
