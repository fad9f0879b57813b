"""What is the same on every page, made once a process: parts, and forms still empty."""

from functools import cache
from typing import TypeVar

from flask import Flask, current_app
from flask_wtf import FlaskForm
from markupsafe import Markup

Form = TypeVar("Form", bound=FlaskForm)


@cache
def part(template: str) -> Markup:
    """Write `template`, which asks for nothing."""
    return Markup(current_app.jinja_env.get_template(template).render())


@cache
def blank(form: type[Form]) -> Form:
    """Return a form of this kind as no one has filled it in; nothing may change it.

    What differs from page to page, such as its key, is given where it is shown.
    """
    empty_form = form(formdata=None, meta={"csrf": False})
    for field in empty_form:
        if callable(field.default):
            field.data = None
    return empty_form


def init_app(app: Flask) -> None:
    app.add_template_global(part, "part")
