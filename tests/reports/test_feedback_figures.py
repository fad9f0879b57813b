"""Ratings, comments and follow-ups of a period."""

from pst.accounts.visitors import visit
from pst.consultations.states import Channel, Reason
from pst.database import db
from pst.feedback.models import Rating
from pst.reports.figures.disclosure.redaction import masked

DONE = {
    "answered_at": "2026-03-02 10:00+07:00",
    "closed_at": "2026-03-02 11:00+07:00",
}


def rate(consultation, score, comment=""):
    Rating.leave(consultation, score, comment)
    db.session.commit()


def test_ratings_are_counted_when_they_are_given(asked, march, at):
    first, second = (asked("2026-02-27 09:00+07:00", **DONE) for _ in range(2))
    asked("2026-03-02 09:00+07:00", **DONE)
    at("2026-03-31 23:59+07:00")
    rate(first, 5)
    at("2026-04-01 00:00+07:00")
    rate(second, 1)

    ratings = march()["ratings"]

    assert (ratings["count"], ratings["mean"], ratings["low"]) == (1, 5.0, 0)
    assert ratings["score"] == {"1": 0, "2": 0, "3": 0, "4": 0, "5": 1}


def test_the_response_is_of_those_closed_in_the_period(asked, march, at):
    at("2026-03-03 09:00+07:00")
    rate(asked("2026-03-02 09:00+07:00", **DONE), 4)
    asked("2026-03-02 09:00+07:00", **DONE)
    asked("2026-03-02 09:00+07:00")

    ratings = march()["ratings"]

    assert (ratings["asked"], ratings["response"]) == (2, 0.5)


def test_two_and_less_is_low_and_a_person_is_one_however_often_they_ask(
    asked, march, at, dewi
):
    at("2026-03-03 09:00+07:00")
    for score in (1, 2, 3):
        rate(asked("2026-03-02 09:00+07:00", **DONE), score)
    asked("2026-03-02 09:00+07:00", user=dewi)

    figures = march()

    assert figures["ratings"]["low"] == 2
    assert figures["ratings"]["mean"] == 2.0
    assert figures["survey"]["users"] == 2


def test_a_visitor_without_an_address_is_not_asked(asked, march, at):
    at("2026-03-03 09:00+07:00")
    came = {**DONE, "channel": Channel.COUNTER}
    asked("2026-03-02 09:00+07:00", user=visit("tanpa alamat"), **came)
    reachable = visit("beralamat", reachable_at="tamu@contoh.test")
    asked("2026-03-02 09:00+07:00", user=reachable, **came)

    assert march()["ratings"]["asked"] == 1


def test_who_withdrew_is_not_asked(asked, march, at):
    at("2026-03-03 09:00+07:00")
    asked("2026-03-02 09:00+07:00", **{**DONE, "reason": Reason.WITHDRAWN})

    ratings = march()["ratings"]

    assert (ratings["asked"], ratings["response"]) == (0, None)


def test_comments_are_shown_without_personal_data(asked, march, at):
    at("2026-03-03 09:00+07:00")
    rate(
        asked("2026-03-02 09:00+07:00", **DONE),
        3,
        "Saya Siti Rahayu, hubungi siti@contoh.test atau 0812-3456-7890.",
    )

    [comment] = march()["comments"]

    assert comment["text"] == "Saya [nama], hubungi [email] atau [nomor]."


def test_what_is_no_personal_data_stays(siti):
    text = "Data 2020-2025 untuk 33.04.010 sudah lengkap, nilai 4,5."

    assert masked(text, siti) == text


def test_the_office_and_numbers_of_people_are_masked(siti):
    text = "NIK 3304010101900001,\ndari Universitas Jenderal Soedirman."

    assert masked(text, siti) == "NIK [nomor], dari [instansi]."


def test_a_follow_up_counts_by_its_first_mail(asked, march, at):
    at("2026-03-03 09:00+07:00")
    rate(asked("2026-03-02 09:00+07:00", **DONE), 1)

    assert march()["follow_ups"]["count"] == 1
    assert march()["follow_ups"]["cause"]["low_rating"] == 1
    assert march()["follow_ups"]["share"] is None

    at("2026-03-20 09:00+07:00")
    assert march()["follow_ups"]["late"] == 1


def test_the_trend_shows_twelve_months(asked, march, at):
    at("2026-03-03 09:00+07:00")
    rate(asked("2026-03-02 09:00+07:00", **DONE), 4)

    trend = march()["trend"]

    assert list(trend)[0] == "2025-04"
    assert list(trend)[-1] == "2026-03"
    assert trend["2026-03"] == {"count": 1, "mean": 4.0}
    assert trend["2026-02"] == {"count": 0, "mean": None}
