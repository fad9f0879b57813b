"""Every template compiles, and none does what its Content-Security-Policy forbids."""

import re
from pathlib import Path

from flask import Flask

FOLDER = Path(__file__).parent.parent / "pst" / "templates"
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:|hx-on"
)


def test_every_template_compiles(app: Flask):
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)


def test_no_template_has_inline_script_or_style():
    for path in FOLDER.rglob("*.html"):
        found = INLINE.search(path.read_text())
        assert not found, f"{path}: {found and found[0]}"


def test_every_form_that_changes_something_has_its_token():
    for path in FOLDER.rglob("*.html"):
        text = path.read_text()
        forms = re.findall(r"<form[^>]*method=.post.*?</form>", text, re.S)
        for form in forms:
            assert "csrf" in form, f"{path}: {form[:80]}"
