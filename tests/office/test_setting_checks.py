"""Which values a setting of the office cannot take, and the logo of its letters."""

import hashlib

import pytest

from pst.accounts.users import User
from pst.database import db
from pst.office import settings
from pst.office.letter_logo import (
    SIGNATURE,
    BadLogo,
    LetterLogo,
    refuse_unusable,
    size_of,
)
from pst.office.setting_checks import BadValue, check

WEEK = {"0": [["08:00", "12:00"], ["13:00", "15:30"]]}
USABLE = [
    ("hours", WEEK),
    ("survey_off", ""),
    ("survey_off", "u4, u8"),
    ("survey_off", "u1,u2,u3,u4,u5,u6,u7,u8"),
    ("survey_period", "month"),
    ("low_rating", 2),
    ("require_two_step", True),
    ("timezone", "Asia/Jayapura"),
    ("letter_logo", ""),
    ("letter_logo", "a" * 64),
    ("email", ""),
    ("email", "bps3304@bps.go.id"),
    ("website", "https://banjarnegarakab.bps.go.id/id?x=1"),
    ("office_name", "x" * 500),
]
UNUSABLE = [
    ("hours", "08:00"),
    ("hours", {"7": [["08:00", "12:00"]]}),
    ("hours", {"0": []}),
    ("hours", {"0": [["8:00", "12:00"]]}),
    ("hours", {"0": [["08:00", "24:00"]]}),
    ("hours", {"0": [["08:00", "08:00"]]}),
    ("hours", {"0": [["08:00", "12:00"], ["12:00", "15:30"]]}),
    ("survey_off", "u4; u8"),
    ("survey_off", "u1,u2,u3,u4,u5,u6,u7,u8,u9"),
    ("survey_off", 4),
    ("survey_period", "week"),
    ("low_rating", "2"),
    ("low_rating", True),
    ("low_rating", 0),
    ("require_two_step", 1),
    ("timezone", "Asia/Banjarnegara"),
    ("letter_logo", "../../etc/passwd"),
    ("attachment_formats", "pdf exe"),
    ("email", "bps3304"),
    ("email", "bps3304@bps.go.id, lain@contoh.test"),
    ("website", "javascript:alert(1)"),
    ("website", 'https://contoh.go.id" onclick="x'),
    ("complaint_url", "javascript:alert(1)"),
    ("letter_logo", "a" * 65),
    ("office_name", "  "),
    ("office_name", "x" * 501),
    ("office_name", "satu\ndua"),
    ("consent_version", "x" * 41),
    ("no_such_setting", 1),
]


@pytest.mark.parametrize(("key", "value"), USABLE)
def test_a_value_that_makes_sense_is_taken(key, value):
    check(key, value)


@pytest.mark.parametrize(("key", "value"), UNUSABLE)
def test_a_value_that_makes_none_is_refused_by_its_name(key, value):
    with pytest.raises(BadValue) as error:
        check(key, value)

    assert error.value.key == key


def png(width: int, height: int, size: int = 24) -> bytes:
    head = SIGNATURE + b"\0\0\0\rIHDR" + width.to_bytes(4) + height.to_bytes(4)
    return head.ljust(size, b"\0")


def test_a_logo_is_a_small_png():
    refuse_unusable(png(2000, 1))
    refuse_unusable(png(600, 200, size=300_000))

    for content, why in (
        (b"", "Pilih"),
        (png(600, 200, size=300_001), "300 KB"),
        (b"GIF89a" + b"\0" * 30, "PNG"),
        (SIGNATURE, "PNG"),
        (png(2001, 200), "piksel"),
        (png(0, 200), "piksel"),
    ):
        with pytest.raises(BadLogo, match=why):
            refuse_unusable(content)


def test_a_logo_is_kept_once_and_each_letter_keeps_its_own(andi: User, at):
    first, second = png(600, 200), png(300, 100)
    LetterLogo.keep(first, andi.id)
    LetterLogo.keep(second, andi.id)
    assert settings.current().letter_logo == hashlib.sha256(second).hexdigest()

    LetterLogo.keep(first, andi.id)

    assert settings.current().letter_logo == hashlib.sha256(first).hexdigest()
    logos = {row.content for row in db.session.scalars(db.select(LetterLogo))}
    assert logos == {first, second}


def test_a_picture_is_as_wide_and_high_as_it_says():
    assert size_of(png(600, 200)) == (600, 200)
    svg = LetterLogo(sha256="", content=png(600, 200)).svg
    assert 'width="600" height="200" viewBox="0 0 600 200"' in svg
