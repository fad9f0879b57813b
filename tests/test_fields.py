"""What a person types: only what can be seen counts, and its shape is kept."""

import pkgutil
from importlib import import_module

import pytest
from flask import Flask
from wtforms import HiddenField, PasswordField, StringField

import pst
from pst.text.visible import is_visible
from pst.web.forms.fields import (
    BaseForm,
    Pressed,
    Required,
    area_field,
    text_field,
    tidy,
    tidy_lines,
)

# Names of Unicode: what a page shows as nothing at all.
UNSEEN = {
    "": "empty",
    " \t\n\u00a0\u2003\u3000\u2028": "blanks",
    "\x00\x1f\x7f": "control characters",
    "\u200b": "zero width space",
    "\u200b\u200c\u200d\u2060\ufeff": "joiners",
    "\u200e\u202e\u2066": "directions",
    "\u00ad": "soft hyphen",
    "\u034f": "grapheme joiner",
    "\u115f\u1160": "hangul fillers",
    "\u3164\uffa0": "more hangul fillers",
    "\u17b4\u180e": "vowels without sign",
    "\u2800": "braille blank",
    "\ufe0f\U000e0101": "variation selectors",
    "\U000e0041": "tags",
    "\U0001d159\U0001d173": "music without notes",
    "\U00016fe4\U00013441": "blanks of old scripts",
    "\ufff9\ufffe\ufdd0": "no characters",
    "\u0301\u20dd": "marks on nothing",
    " \u2800\u3164\n\u200b ": "several",
}
SEEN = (
    "a",
    "1",
    "0",
    "-",
    ".",
    "Siti",
    "\u200bSiti",
    "ꦱ",
    "سيتي",
    "統計",
    "❤️",
    "e\u0301",
)


@pytest.mark.parametrize("text", UNSEEN, ids=UNSEEN.values())
def test_what_shows_nothing_is_empty(text):
    assert not is_visible(text)
    assert tidy(text) == tidy_lines(text) == ""


@pytest.mark.parametrize("text", SEEN)
def test_what_shows_something_is_not_empty(text):
    assert is_visible(text)
    assert tidy(text)


KEPT = [
    ("Halo", "Halo"),
    ("  Halo  ", "  Halo"),
    ("\r\n \r\nHalo\r\n\r\nBudi\r\n  \r\n", "Halo\n\nBudi"),
    ("\t2023\t2024\r\nWanadadi\t33.000\t\r\n", "\t2023\t2024\nWanadadi\t33.000\t"),
    ("a\t\t\n\t\t\n", "a\t\t"),
    ("  1.\n    a", "  1.\n    a"),
    ("baris\rlama", "baris\nlama"),
]


@pytest.mark.parametrize(("typed", "kept"), KEPT)
def test_several_lines_keep_tabs_and_indentation(typed, kept):
    assert tidy_lines(typed) == kept


def forms() -> list[type[BaseForm]]:
    """Return every form of the service."""
    for module in pkgutil.walk_packages(pst.__path__, "pst."):
        if module.name.rpartition(".")[2].endswith(("form", "forms")):
            import_module(module.name)
    found, waiting = [], [BaseForm]
    while waiting:
        waiting += (below := waiting.pop().__subclasses__())
        found += below
    return found


def test_no_form_signs_a_token_next_to_that_of_its_page(app: Flask):
    with app.test_request_context():
        assert not [each.__name__ for each in forms() if "csrf_token" in each()]


def test_every_field_that_a_person_fills_asks_for_something_to_see(app: Flask):
    with app.test_request_context():
        fields = [
            (form.__name__, field)
            for form in forms()
            for field in form()
            if isinstance(field, StringField)
            and not isinstance(field, HiddenField | PasswordField | Pressed)
        ]
    assert len(fields) > 50
    for form, field in fields:
        filters = {getattr(each, "func", each) for each in field.filters}
        assert {tidy, tidy_lines} & filters, f"{form}.{field.name}"


def test_a_required_field_with_nothing_to_see_is_refused(app: Flask):
    class Person(BaseForm):
        name = text_field("Nama lengkap", Required())
        body = area_field("Pesan", Required())

    with app.test_request_context(
        method="POST", data={"name": "\u3164\u200b", "body": "\u2800\n\u200b"}
    ):
        form = Person()
        assert not form.validate()

    assert form.errors == {
        "name": ["Nama lengkap wajib diisi."],
        "body": ["Pesan wajib diisi."],
    }


def test_words_in_a_line_turn_nothing_behind_them():
    assert tidy("Data \u202emakan\u202c \u2067xls\u2069 2025") == "Data makan xls 2025"
    assert tidy("سيتي\u200f") == "سيتي\u200f"
