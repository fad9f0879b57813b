"""A person's own data: to see, download, consent to, and erase."""

from flask import Blueprint, flash, redirect, send_file, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from pst import clock
from pst.accounts.address_change import AddressChange
from pst.accounts.blueprint import confirmed, take_cookie
from pst.accounts.consents import OPTIONAL, Consent, ConsentPurpose
from pst.accounts.users import User
from pst.database import db
from pst.office import audit, settings
from pst.personal_data import erasure
from pst.personal_data.copy import Copy
from pst.personal_data.copy_file import as_zip
from pst.personal_data.forms import ConsentsForm, EraseForm
from pst.web.access import before_two_step, ends_account, signed_in
from pst.web.responses import done, page

bp = Blueprint("personal_data", __name__, url_prefix="/akun/data")


@bp.get("")
@signed_in
@before_two_step
def index() -> ResponseReturnValue:
    return _index(EraseForm(formdata=None))


def _index(form: EraseForm) -> Response:
    consents = Consent.current(current_user)
    consents_by_purpose = {purpose.value: purpose in consents for purpose in OPTIONAL}
    service = consents.get(ConsentPurpose.SERVICE)
    return page(
        "personal_data/index.html",
        consents=ConsentsForm(formdata=None, **consents_by_purpose),
        service=service,
        is_current=service and service.version == settings.current().consent_version,
        history=Consent.history(current_user),
        form=form,
        undoable_notice=AddressChange.undoable_notice(current_user),
    )


@bp.get("/salinan")
@signed_in
@confirmed
def show() -> ResponseReturnValue:
    """Show all that is kept about the user."""
    return page("personal_data/copy.html", copy=Copy(current_user))


@bp.get("/unduhan")
@signed_in
@confirmed
def download() -> ResponseReturnValue:
    """Send all that is kept about the user, with the attachments, as a ZIP file."""
    audit.record_export(current_user.subject, current_user.id)
    today = clock.today(settings.current().zone)
    response = send_file(
        as_zip(Copy(current_user)),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"data-saya-{today:%Y%m%d}.zip",
    )
    response.headers["Cache-Control"] = "no-store, private"
    return response


@bp.post("/persetujuan")
@signed_in
def change_consents() -> ResponseReturnValue:
    """Give or withdraw each of the optional consents."""
    form = ConsentsForm()
    version = settings.current().consent_version
    for purpose in OPTIONAL:
        if form[purpose.value].data:
            Consent.give(current_user, purpose, version)
        else:
            Consent.withdraw(current_user, purpose)
    db.session.commit()
    return _saved_page()


@bp.post("/persetujuan/pemberitahuan")
@signed_in
def agree() -> ResponseReturnValue:
    """Consent to the current version of the notice."""
    Consent.give(
        current_user, ConsentPurpose.SERVICE, settings.current().consent_version
    )
    db.session.commit()
    return _saved_page()


def _saved_page() -> ResponseReturnValue:
    flash("Persetujuan Anda tersimpan.")
    return done(url_for(".index"))


@bp.post("/penghapusan")
@signed_in
@ends_account
@confirmed
def erase() -> ResponseReturnValue:
    """Erase the account, immediately; it cannot be undone."""
    form = EraseForm()
    if not form.validate():
        return _index(form), 422
    files = erasure.erase(db.session.get_one(User, current_user.id), current_user)
    db.session.commit()
    erasure.remove(files)
    session.clear()
    flash("Akun dan data pribadi Anda sudah dihapus.")
    return take_cookie(redirect(url_for("public_pages.home"), code=303))
