"""Write first, register after: a request of a person who has not logged in.

The request and what registers its writer are one form. It is kept with the registration
and filed when the address is verified; see `unfiled.py`.
"""

from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst import networks
from pst.accounts.forms import RegistrationForm
from pst.accounts.log_in import throttling
from pst.accounts.passwords import hash_password
from pst.accounts.registration.registering import register
from pst.accounts.registration.registrations import Registration, on_verification
from pst.accounts.users import User
from pst.consultations.filing.receipts import received
from pst.consultations.filing.request_forms import (
    FORMS,
    MAX_BEGINNING_LENGTH,
    RequestForm,
    chosen_category,
    is_changing_kind,
)
from pst.consultations.filing.unfiled import UnfiledRequest
from pst.consultations.forms import new_key
from pst.consultations.models import Consultation
from pst.consultations.states import Category
from pst.database import db
from pst.web.forms import resubmission
from pst.web.forms.fields import MESSAGE_LENGTH
from pst.web.responses import done, page

# Both forms have an institution: the names of the second one begin with this.
PREFIX = "account-"


def is_one() -> bool:
    """Return whether a person who has not logged in asks for the form of a request."""
    return not current_user.is_authenticated and chosen_category() is not None


def files_nothing() -> bool:
    """Return whether a form that is sent puts nothing into the queue."""
    return is_changing_kind() or not current_user.is_authenticated


def kinds_page(is_refused: bool, previous: Consultation | None = None) -> Response:
    """Show the kinds of requests to choose from, before the form of one."""
    return page(
        "consultations/filing/new.html",
        categories=list(Category),
        subject=_subject() or (previous.subject if previous else ""),
        beginning=_beginning(),
        longest_beginning=MAX_BEGINNING_LENGTH,
        previous=previous,
        is_refused=is_refused,
    )


def begin(**more: Any) -> Response:
    """Show the form with what the address of the page says already."""
    category = chosen_category()
    assert category is not None
    return ask_page(begun(category), category, **more)


def begun(category: Category) -> RequestForm:
    """Return the form of `category` with what the address of the page says already."""
    form, subject, text = FORMS[category], _subject(), _beginning()
    details = form.named_in(text[:MAX_BEGINNING_LENGTH]) | form.named_in(subject)
    return form(formdata=None, subject=subject, description=text, **details)


def _subject() -> str:
    """Return the subject in the address, also one too long: the form says so."""
    return request.args.get("subjek", "")[:MAX_BEGINNING_LENGTH]


def _beginning() -> str:
    """Return the text in the address; a browser without scripts may send a long one."""
    return request.args.get("uraian", "")[:MESSAGE_LENGTH]


def ask_page(form: RequestForm, category: Category, **more: Any) -> Response:
    """Show the form of a request with what registers its writer."""
    return page(
        "consultations/filing/ask.html",
        form=form,
        category=category,
        categories=list(Category),
        previous=None,
        **{"account": RegistrationForm(formdata=None, prefix=PREFIX), **more},
    )


def ask(form: RequestForm, category: Category) -> ResponseReturnValue:
    """Keep a request until the address of its writer is verified."""
    account = RegistrationForm(prefix=PREFIX)
    if is_changing_kind():
        return ask_page(form, category, account=account)
    if form.press.data == "masuk":
        return page(
            "held.html", held=resubmission.from_request(is_proven=True), why="member"
        )
    # Both are validated, so that all errors are shown at once.
    if not all([form.validate(), account.validate()]):
        return ask_page(form, category, account=account), 422
    if wait_s := throttling.ask_mail("registration", account.email.data):
        return ask_page(form, category, account=account, mail_wait_s=wait_s), 429

    def keep(owner: User | Registration) -> None:
        UnfiledRequest.keep(
            owner,
            category,
            form.subject.data or "",
            form.description.data or "",
            details=form.details(),
            key=form.key.data or new_key(),
            network=networks.shortened(request.remote_addr or ""),
        )

    register(account, hash_password(account.password.data), keep)
    db.session.commit()
    return done(url_for("accounts.registered"))


@on_verification
def file_kept(user: User, registration: Registration) -> tuple[str, str] | None:
    """File what was written along with the registration; return where it is."""
    rows = list(db.session.scalars(UnfiledRequest.waiting_for(registration)))
    numbers = [row.file(user).number for row in rows]
    if not numbers:
        return None
    where = url_for("consultations.show", number=numbers[-1])
    return where, received(*numbers)
