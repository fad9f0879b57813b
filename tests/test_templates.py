"""Every template compiles, and none does what its Content-Security-Policy forbids."""

import re
import traceback
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import UndefinedError

from pst.web.template_source import Unindented

FOLDER = Path(__file__).parent.parent / "pst" / "templates"
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:|hx-on"
)

# What stands in a line, and what Jinja writes between.
PARTS = "a|b|span|small|strong|i|time|code|kbd|label|button|abbr"
COMMENT = re.compile(r"\{#.*?#\}", re.S)
BRANCH = re.compile(r"\{%-?\s*(?:else|elif|endmacro|macro).*?%\}", re.S)
TAG = re.compile(r"\{%.*?%\}", re.S)
VALUE = re.compile(r"\{\{.*?\}\}", re.S)
STUCK = re.compile(
    rf"</(?:{PARTS})>(?=<(?:{PARTS})\b(?![^>]*>\s)|\w)"
    r"|\w(?=<(?:a|b|span|small|strong|i|time|code)\b(?![^>]*>\s))"
)
# Macros that stand in a line; what comes right before their call sticks to them.
CALLED = re.compile(
    rf"(?:\}}\}}|\w|</(?:{PARTS})>)\{{\{{ *\w*(?:badge|due|due_text|moment)\("
)


def test_every_template_compiles(app: Flask):
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)


def test_managers_of_passwords_learn_whose_each_password_is():
    """Each form that asks for a password names its account, or asks for it too."""
    asking = [
        path
        for path in FOLDER.rglob("*.html")
        if re.search(r"(?:current|new)-password\"|new_password\(", path.read_text())
    ]
    told = re.compile(r'whose\(|autocomplete="(?:username|email)"')

    assert len(asking) > 5
    assert not [path.name for path in asking if not told.search(path.read_text())]


def test_a_line_of_a_template_fits_a_screen():
    """The lines of a mail's text are its paragraphs, and may be long."""
    long = {
        f"{path.name}:{number}"
        for path in FOLDER.rglob("*.html")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > 120
    }

    assert not long


def test_a_page_goes_out_without_the_indentation_of_its_source(app: Flask):
    source = (
        "<ul>\n  {% if x %}\n    <li>\n      {{ x }}\n    </li>\n  {% endif %}\n</ul>"
    )

    assert app.jinja_env.from_string(source).render(x="a\n  b") == (
        "<ul>\n <li>a\n  b</li>\n</ul>"
    )


def test_a_tag_goes_out_on_one_line_and_errors_name_theirs(app: Flask):
    source = (
        '<a\n  class="x"\n  {% if y %}id="{{\n    y\n  }}"{% endif %}\n'
        "  hidden\n>b</a>\n{{ missing.name }}"
    )
    template = app.jinja_env.from_string(source.replace("\n{{ missing.name }}", ""))

    assert template.render(y="c") == '<a class="x" id="c" hidden>b</a>'
    with pytest.raises(UndefinedError) as error:
        app.jinja_env.from_string(source).render(y="c")
    assert 8 in [
        f.lineno for f in traceback.extract_tb(error.tb) if "template" in f.name
    ]


def test_a_sentence_goes_out_on_one_line(app: Flask):
    source = "<p>\n  Masih\n  ada {{ x }}\n  {{\n    y\n  }} lagi.\n  <b>Ya</b>\n</p>"

    assert app.jinja_env.from_string(source).render(x=1, y=2) == (
        "<p>Masih ada 1 2 lagi.\n<b>Ya</b></p>"
    )


def test_a_word_after_a_tag_of_its_own_line_stays_apart(app: Flask):
    source = "<p>{{ x }}{% if x %}\n      · b{% endif %}\n</p>"

    assert app.jinja_env.from_string(source).render(x="a") == "<p>a · b</p>"


def test_no_template_has_inline_script_or_style():
    for path in FOLDER.rglob("*.html"):
        # A mail has no other place for its style; no page of ours shows it.
        found = path.parent.name != "mails" and INLINE.search(path.read_text())
        assert not found, f"{path}: {found and found[0]}"


def test_every_form_that_changes_something_has_its_token():
    for path in FOLDER.rglob("*.html"):
        text = path.read_text()
        forms = re.findall(r"<form[^>]*method=.post.*?</form>", text, re.S)
        for form in forms:
            assert "csrf" in form, f"{path}: {form[:80]}"


def test_a_control_stands_inside_the_form_that_it_belongs_to():
    """Text browsers and old engines know no `form` attribute."""
    for path in FOLDER.rglob("*.html"):
        text = COMMENT.sub("", path.read_text())
        found = re.search(r"<(?:button|input|select|textarea)[^>]*\sform=", text)
        assert not found, f"{path}: {found and found[0]}"
        assert not re.search(r"attrs=\{[^}]*\"form\"", text), path


def test_a_button_that_goes_elsewhere_is_known_at_its_forms_address_too():
    """Text browsers send every button to the address of its form."""
    for path in FOLDER.rglob("*.html"):
        for found in re.findall(r"<button[^>]*\sformaction=[^>]*>", path.read_text()):
            assert re.search(r"\sname=", found), f"{path}: {found}"


def test_what_is_fetched_again_is_not_read_out_whole():
    """Such a part says in `data-heard` what it is; counts.js has that read out once."""
    for path in FOLDER.rglob("*.html"):
        for found in re.findall(r"<\w+[^>]*aria-live=[^>]*>", path.read_text()):
            assert re.search(r'id="(kabar|status)"', found), f"{path}: {found}"


def test_no_words_stick_together_where_the_style_does_not_part_them(app: Flask):
    """Text browsers and copied text know no margins: a space parts words."""
    for path in FOLDER.rglob("*.html"):
        source = Unindented(app.jinja_env).preprocess(path.read_text(), path.name)
        text = TAG.sub("", BRANCH.sub("\n", COMMENT.sub("", source)))
        match = CALLED.search(text)
        near = match and text[max(0, match.start() - 40) : match.end() + 40]
        assert not match, f"{path}: put a space in {near!r}"
        text = VALUE.sub("x", text)
        match = STUCK.search(text)
        near = match and text[max(0, match.start() - 40) : match.end() + 40]
        assert not match, f"{path}: put a space in {near!r}"


def test_no_mail_aligns_its_colons_with_spaces():
    """The letters of an HTML mail have widths of their own."""
    for path in (FOLDER / "mails").glob("*.txt"):
        assert not re.search(r"^\w[\w ]* : ", path.read_text(), re.M), path.name


MIN_SENTENCE_WORDS = 6
PARTING = re.compile(r"\{#.*?#\}|\{%.*?%\}|</?(?!(?:b|strong|code|kbd)\b)[^>]*>", re.S)


def sentences(path: Path) -> set[str]:
    """Return the sentences that a template writes, its values as an ellipsis."""
    text = re.sub(r"\{% block title %\}.*?\{% endblock %\}", "", path.read_text())
    parts = PARTING.split(VALUE.sub("…", text))
    words = (" ".join(re.sub(r"<[^>]*>", "", part).split()) for part in parts)
    return {
        sentence
        for part in words
        for sentence in re.split(r"(?<=[.!?]) ", part)
        if len(re.findall(r"[^\W\d]+", sentence)) >= MIN_SENTENCE_WORDS
    }


@pytest.mark.parametrize("kind", ["html", "txt"])
def test_a_sentence_stands_in_one_template(kind: str):
    """What several pages say, or several mails, is a fragment or a macro of theirs."""
    places: dict[str, list[str]] = {}
    for path in FOLDER.rglob(f"*.{kind}"):
        for sentence in sentences(path):
            places.setdefault(sentence, []).append(path.name)

    assert not {text: names for text, names in places.items() if len(names) > 1}
