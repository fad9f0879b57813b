"""The office's settings are checked before they are kept."""

import pytest

from pst.admin.forms import shown_settings, typed_settings
from pst.office import settings
from pst.office.setting_checks import BadValue


def test_what_the_form_shows_is_what_it_reads_back(context):
    now = settings.current()

    values, errors = typed_settings(shown_settings(now))

    assert not errors
    assert values.pop("hours") == {
        str(day): [[f"{a:%H:%M}", f"{b:%H:%M}"] for a, b in spans]
        for day, spans in enumerate(now.week)
    }
    assert values == {key: getattr(now, key) for key in values}


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("service_workdays", "0"),
        ("service_workdays", "31"),
        ("service_workdays", "tiga"),
        ("service_workdays", "--5"),
        ("service_workdays", "²"),
        ("service_workdays", "9" * 5_000),
        ("low_rating", "5"),
        ("timezone", "Asia/Banjarnegara"),
        ("email", "bukan alamat"),
        ("website", "javascript:alert(1)"),
        ("complaint_url", "https://"),
        ("office_name", " "),
        ("office_name", "a" * 501),
        ("office_name", "dua\nbaris"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(context, key, text):
    values, errors = typed_settings({key: text})

    assert key in errors
    assert key not in values


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("service_workdays", "1"),
        ("service_workdays", "30"),
        ("low_rating", "4"),
        ("timezone", "Asia/Makassar"),
        ("email", ""),
        ("website", "https://contoh.go.id/pst"),
    ],
)
def test_a_value_that_makes_sense_is_taken(context, key, text):
    assert not typed_settings({key: text})[1]


@pytest.mark.parametrize(
    "typed",
    ["8-15.30", "15.00-08.00", "08.00", "25.00-26.00", "08.00-12.00, 11.00-15.00"],
)
def test_hours_that_make_no_sense_are_refused(context, typed):
    _, errors = typed_settings({"hours-0": typed})

    assert "hours" in errors


def test_hours_can_be_split_and_a_day_closed(context):
    values, errors = typed_settings({"hours-0": "8.00-12.00, 13.00-15.30"})

    assert not errors
    assert values["hours"]["0"] == [["08:00", "12:00"], ["13:00", "15:30"]]
    assert values["hours"]["1"] == []


def test_the_warning_comes_before_the_closing(context):
    with pytest.raises(BadValue):
        settings.change({"warn_after_days": 3, "close_after_days": 3})

    assert settings.current().warn_after_days == 2
