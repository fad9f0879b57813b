"""What holds in an office that has changed nothing, and between which numbers."""

from datetime import time, timedelta

import pytest

from pst.database import db
from pst.office import settings
from pst.office.audit import AuditEntry
from pst.office.setting_checks import BadValue, check
from pst.office.setting_values import Settings
from pst.office.settings import OfficeSetting, SettingChange

# Name, what holds at first, least, most.
NUMBERS = [
    ("service_workdays", 3, 1, 30),
    ("warn_after_days", 2, 1, 30),
    ("close_after_days", 3, 1, 60),
    ("reopen_within_days", 7, 0, 90),
    ("low_rating", 2, 1, 4),
    ("rating_open_days", 30, 1, 365),
    ("rating_change_days", 7, 0, 90),
    ("follow_up_workdays", 3, 1, 30),
    ("rating_reminder_workdays", 3, 1, 30),
    ("follow_up_answer_days", 14, 1, 90),
    ("attachment_mb", 10, 1, 50),
    ("poll_lively_s", 3, 1, 60),
    ("poll_quiet_s", 15, 5, 300),
    ("poll_idle_s", 60, 10, 900),
    ("mails_per_hour", 300, 10, 100_000),
    ("quiet_from_hour", 21, 0, 23),
    ("quiet_until_hour", 6, 0, 23),
    ("keep_accounts_months", 24, 6, 240),
    ("keep_conversations_months", 60, 12, 240),
    ("keep_attachments_months", 24, 3, 240),
    ("keep_logs_months", 12, 3, 60),
    ("keep_searches_months", 24, 3, 60),
]


@pytest.mark.parametrize(("name", "usual", "least", "most"), NUMBERS)
def test_a_number_has_its_usual_value_and_its_bounds(name, usual, least, most):
    assert getattr(Settings(), name) == usual
    check(name, least)
    check(name, most)
    for outside in (least - 1, most + 1):
        with pytest.raises(BadValue, match=f"{least} sampai {most}"):
            check(name, outside)


def test_what_is_on_and_off_at_first():
    usual = Settings()
    assert usual.mail_final_answers
    assert not usual.follow_up_second_person
    assert not usual.require_two_step
    assert not usual.reply_by_mail
    assert usual.survey_period == "semester" and usual.survey_off == ""


def test_the_usual_service_hours():
    to_thursday, friday = (time(8), time(15, 30)), (time(8), time(16))
    week = Settings().week
    assert week == [[to_thursday]] * 4 + [[friday], [], []]


def test_days_of_settings_are_whole_days():
    usual = Settings(warn_after_days=1, close_after_days=4, reopen_within_days=9)
    assert usual.warn_after == timedelta(days=1)
    assert usual.close_after == timedelta(days=4)
    assert usual.reopen_within == timedelta(days=9)


@pytest.mark.parametrize(
    ("about", "area"),
    [
        ({"office_name": "BPS Kabupaten Dieng"}, "Kabupaten Dieng"),
        ({"office_name": "Badan Pusat Statistik Kota Dieng"}, "Kota Dieng"),
        ({"office_name": "BPS Kota X", "letter_area": "Kota Y"}, "Kota Y"),
        ({"office_name": "Dinas Z Kota X", "letter_head": "Dinas Z"}, "Kota X"),
    ],
)
def test_the_second_line_of_the_letterhead_is_the_district(about, area):
    assert Settings(**about).letterhead_area == area


def history() -> list[SettingChange]:
    return SettingChange.query.order_by(SettingChange.id).all()


def test_a_change_is_kept_with_what_was_before_and_who_made_it(andi, at):
    before = len(history())
    names = settings.change({"low_rating": 3, "service_workdays": 3}, andi.id)

    assert names == ["low_rating"], "the other one says what held already"
    assert settings.current().low_rating == 3
    (row,) = history()[before:]
    assert (row.key, row.before, row.after) == ("low_rating", "2", "3")
    office_setting = db.session.get_one(OfficeSetting, "low_rating")
    assert row.changed_by_id == office_setting.changed_by_id == andi.id
    assert settings.change({"low_rating": 3}, andi.id) == []
    assert len(history()) == before + 1
    query = db.select(AuditEntry).filter_by(action="change_settings")
    entry = db.session.scalars(query.order_by(AuditEntry.id.desc())).first()
    assert (entry.actor_id, entry.detail) == (andi.id, {"keys": ["low_rating"]})


@pytest.mark.parametrize(
    ("values", "is_taken"),
    [
        ({"warn_after_days": 3}, False),
        ({"close_after_days": 2}, False),
        ({"warn_after_days": 3, "close_after_days": 4}, True),
        ({"close_after_days": 5}, True),
        ({"warn_after_days": 1}, True),
    ],
)
def test_who_is_silent_is_warned_before_the_end(context, values, is_taken):
    if is_taken:
        assert settings.change(values) == list(values)
        return
    with pytest.raises(BadValue, match="sebelum penutupan"):
        settings.change(values)
    current = settings.current()
    assert (current.warn_after_days, current.close_after_days) == (2, 3)


def test_one_wrong_value_keeps_all_from_being_stored(context):
    with pytest.raises(BadValue):
        settings.change({"low_rating": 3, "no_such_setting": 1})
    assert settings.current().low_rating == 2
