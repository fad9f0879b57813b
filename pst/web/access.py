"""Who may call which view: the roles, the marks above the views, and the check.

Which rows a person may know of is decided by `visible_to` on the models, and what
they may do to a row by its `can_…` questions.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

import sqlalchemy as sa
from flask import abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.database import db
from pst.web.registered_pages import endpoint_of

View = TypeVar("View", bound=Callable[..., Any])


class Role(StrEnum):
    """What kind of person an account is for."""

    USER = "user"
    OFFICER = "officer"
    HEAD = "head"
    ADMIN = "admin"


STAFF_ROLES = frozenset({Role.OFFICER, Role.HEAD, Role.ADMIN})


def _mark(name: str, roles: frozenset[Role] | None, view: View) -> View:
    view.access = name  # type: ignore[attr-defined]
    view.roles = roles  # type: ignore[attr-defined]
    return view


def everyone(view: View) -> View:
    """Let everyone call the view, signed in or not."""
    return _mark("everyone", None, view)


def signed_in(view: View) -> View:
    """Let any signed-in person call the view."""
    return _mark("signed_in", frozenset(Role), view)


def officers(view: View) -> View:
    """Let officers call the view."""
    return _mark("officers", frozenset({Role.OFFICER}), view)


def staff(view: View) -> View:
    """Let officers and the head call the view: the head reads what officers do."""
    return _mark("staff", frozenset({Role.OFFICER, Role.HEAD}), view)


def heads(view: View) -> View:
    """Let the head of the team call the view."""
    return _mark("heads", frozenset({Role.HEAD}), view)


def overseers(view: View) -> View:
    """Let the head of the team and admins call the view."""
    return _mark("overseers", frozenset({Role.HEAD, Role.ADMIN}), view)


def admins(view: View) -> View:
    """Let admins call the view."""
    return _mark("admins", frozenset({Role.ADMIN}), view)


def team(view: View) -> View:
    """Let the office's own people call the view: officers, heads, admins."""
    return _mark("team", STAFF_ROLES, view)


def before_two_step(view: View) -> View:
    """Let a person call the view who must set up a second step first."""
    view.before_two_step = True  # type: ignore[attr-defined]
    return view


def ends_log_in(view: View) -> View:
    """Mark a view that ends the log-in: pressed twice, it finds no log-in.

    What is said then is no complaint about a session; see error_pages.py.
    """
    view.ends_log_in = "signed_out"  # type: ignore[attr-defined]
    return view


def ends_account(view: View) -> View:
    """Mark a view that ends the account: pressed twice, it finds no log-in either."""
    view.ends_log_in = "erased"  # type: ignore[attr-defined]
    return view


def person() -> Any:
    """Return who asks; `current_user` looks them up again for each of its words."""
    return current_user._get_current_object()


def may_open(endpoint: str) -> bool:
    """Return whether who asks may call a view: what a link to it is shown by."""
    view: Any = current_app.view_functions[endpoint]
    someone = person()
    return view.roles is None or (
        someone.is_authenticated and someone.role in view.roles
    )


def check_access() -> ResponseReturnValue | None:
    """Run before every request: find the mark of the view and obey it."""
    view: Any = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return None
    if not hasattr(view, "access"):
        abort(500, f"{request.endpoint} has no access mark")
    if view.access == "everyone":
        return None
    someone = person()
    if not someone.is_authenticated:
        abort(401)
    if someone.role not in view.roles:
        abort(403)
    if someone.owes_two_step and not hasattr(view, "before_two_step"):
        return redirect(url_for(endpoint_of("two_step")), code=303)
    return None


def find_or_404(visible: sa.Select[Any], **address: Any) -> Any:
    """Return the row at `address` among those the person may know of."""
    row = db.session.scalar(visible.filter_by(**address).limit(1))
    model = visible.column_descriptions[0]["entity"]
    return row if row is not None else not_found(model, **address)


def not_found(model: Any, **address: Any) -> NoReturn:
    """Answer that no row at `address` is among those the person may know of.

    A row that exists but is not among them looks the same to the person, and takes as
    long; only the log counts it, see accounts/log_in/refusals.py.
    """
    if db.session.scalar(sa.select(sa.exists(sa.select(model).filter_by(**address)))):
        hide()
    abort(404)


def hide() -> NoReturn:
    """Answer that there is nothing, where something is that the person may not see."""
    g.is_hidden = True
    abort(404)


def is_hidden() -> bool:
    """Return whether what this request did not find exists, for others."""
    return g.get("is_hidden", False)
