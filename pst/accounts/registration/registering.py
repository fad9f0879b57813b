"""Taking a registration: the same answer, in the same time, for every address."""

from collections.abc import Callable

from flask import request, session

from pst import networks
from pst.accounts.address_change import AddressChange
from pst.accounts.consents import OPTIONAL
from pst.accounts.forms import RegistrationForm
from pst.accounts.mails import mail_already_registered, mail_verification
from pst.accounts.registration.email_verification import note_choice
from pst.accounts.registration.registrations import Registration, agree
from pst.accounts.users import User, unused_address
from pst.database import db, rehearsal
from pst.office import settings

# Keeps what was written along with a registration, for it or for the account.
Keep = Callable[[User | Registration], None]


def keep_nothing(owner: User | Registration) -> None:
    """Keep nothing along with a registration."""


def register(
    form: RegistrationForm, password_hash: str, keep: Keep = keep_nothing
) -> None:
    """Write down a registration that waits, and mail the address.

    What is done for an address with an account is rehearsed for one without, and the
    other way round. Only the owner of the address learns whether it has one.
    """
    user = User.with_email(form.email.data)
    if user is not None and AddressChange.is_taken(user):
        with rehearsal():
            _take(None, unused_address(), form, password_hash, keep)
        keep(user)
        mail_already_registered(user, with_request=keep is not keep_nothing)
    else:
        with rehearsal():
            if account := db.session.scalar(db.select(User).limit(1)):
                keep(account)
                mail_already_registered(account)
        _take(user, form.email.data, form, password_hash, keep)
    session["registered"] = form.email.data
    session["asked"] = keep is not keep_nothing or bool(session.get("asked"))
    note_choice(password_hash)


def _take(
    user: User | None,
    email: str,
    form: RegistrationForm,
    password_hash: str,
    keep: Keep,
) -> None:
    version = settings.current().consent_version
    about = {
        "name": form.name.data,
        "password_hash": password_hash,
        "consent_version": version,
        "institution_kind": form.institution_kind.data,
        "institution": form.institution.data,
        "occupation": form.occupation.data,
    }
    purposes = {purpose for purpose in OPTIONAL if form[purpose.value].data}
    before = user and Registration.made_with(user, session.get("chose"))
    if user is None:
        user = User.register(email, **about)
        agree(user, version, purposes)
    elif before and before.password_hash == user.password_hash:
        user.register_again(**about)
        agree(user, version, purposes)
    network = networks.shortened(request.remote_addr or "")
    keep(Registration.put(user, about, purposes, network, before))
    mail_verification(user)
