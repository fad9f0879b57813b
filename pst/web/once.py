"""What is alike on every page, made once a process: addresses, parts, empty forms."""

from collections.abc import Callable, Hashable
from functools import cache, lru_cache, partial
from typing import Any, TypeVar

from flask import Flask, current_app, has_request_context, request
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import Field

Form = TypeVar("Form", bound=FlaskForm)
MAX_ADDRESSES = 2_000  # of a process; some 200 bytes each
MAX_PARTS = 1_000  # of a process; some 1 KB each
PLAIN = frozenset({str, int})


class Application(Flask):
    """An application without asynchronous functions, whose addresses stay."""

    def __init__(self, name: str) -> None:
        super().__init__(name, static_folder=None)
        self._address = lru_cache(maxsize=MAX_ADDRESSES)(self._put_together)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return `func` as it is; Flask looks for coroutines at every call."""
        return func

    def url_for(self, endpoint: str, **values: Any) -> str:  # type: ignore[override]
        """Return an address; one with plain values is put together once for them.

        A page of a conversation has a dozen, which its polls and its next page repeat.
        """
        is_plain = PLAIN.issuperset(map(type, values.values()))
        if not is_plain or "_external" in values or not has_request_context():
            return super().url_for(endpoint, **values)
        blueprint = request.blueprint if endpoint.startswith(".") else None
        pairs = tuple(values.items())
        return self._address(request.root_path, blueprint, endpoint, pairs)

    def _put_together(
        self,
        root_path: str,
        blueprint: str | None,
        endpoint: str,
        pairs: tuple[tuple[str, str | int], ...],
    ) -> str:
        values: dict[str, Any] = dict(pairs)
        return super().url_for(endpoint, **values)


@lru_cache(maxsize=MAX_PARTS)
def part(template: str, **values: Hashable) -> Markup:
    """Write `template`, which asks for nothing but `values`; a part is kept by them."""
    return Markup(current_app.jinja_env.get_template(template).render(values))


@cache
def blank(form: type[Form]) -> Form:
    """Return a form of this kind as no one has filled it in; nothing may change it.

    What differs from page to page, such as its key, is written where it is shown; a
    field that is written in the same way again is kept.
    """
    empty_form = form(formdata=None)
    for field in empty_form:
        if callable(field.default):
            field.data = None
    written = lru_cache(maxsize=100)(partial(_write, empty_form.meta.render_field))
    empty_form.meta.render_field = lambda field, given: written(field, *given.items())
    return empty_form


def part_about(form: FlaskForm, template: str, **values: Any) -> Markup:
    """Write a part about a form; it is kept if no one has filled that in."""
    is_blank = form is blank(form.__class__)
    write = part if is_blank else part.__wrapped__
    return write(template, form=form, **values)


def _write(render: Callable[..., Markup], field: Field, *attributes: Any) -> Markup:
    return render(field, dict(attributes))


def init_app(app: Flask) -> None:
    app.add_template_global(part, "part")
    app.add_template_global(part_about, "part_about")
