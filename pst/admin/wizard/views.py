"""The first visit after an install: step by step to a service that can open."""

from typing import Any

from flask import Blueprint, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from pst import clock
from pst.accounts.blueprint import confirmed
from pst.accounts.forms import EmailForm
from pst.accounts.users import User
from pst.admin.calendar.calendar_year import Year
from pst.admin.forms import DayOffForm, PersonForm, shown_settings
from pst.admin.health.mail_looks import has_server
from pst.admin.people import invited
from pst.admin.preferences import stored
from pst.admin.sources.list_queries import Lists
from pst.admin.sources.setting_up import FETCHED, FirstSourceForm, keep, wish
from pst.admin.wizard.first_steps import (
    TEST_MAIL,
    StarterArticles,
    Steps,
    TestMail,
    after,
)
from pst.database import db
from pst.knowledge.exchange import importing
from pst.office import days_off, settings, setup
from pst.office.setting_values import DECLARATIONS
from pst.office.setup import WizardStep
from pst.outbox.models import OutboxMail
from pst.outbox.servers import MailServer
from pst.web.access import Role, admins
from pst.web.registered_pages import register_home
from pst.web.responses import done, fragment, page
from pst.webapi.source import CatalogueSource

bp = Blueprint("wizard", __name__, url_prefix="/admin/persiapan")
register_home(Role.ADMIN, lambda: "wizard.index" if setup.is_owed() else "admin.index")
ALL, CHOSEN, NONE = "semua", "dipilih", "tidak-ada"
ENOUGH = "cukup"


def show(step: WizardStep, **context: Any) -> Response:
    return page(f"wizard/{step.value}.html", steps=Steps(step), **context)


def onward(step: WizardStep) -> Response:
    """Commit, and go on to the next step."""
    db.session.commit()
    following = after(step)
    return done(url_for(f".{following.value}" if following else ".finished"))


@bp.get("")
@admins
def index() -> ResponseReturnValue:
    return page("wizard/index.html", steps=Steps())


@bp.route("/dua-langkah", methods=["GET", "POST"])
@admins
@confirmed
def two_step() -> ResponseReturnValue:
    """Secure the admin's own log-in, and decide whether all staff need two steps."""
    if request.method != "POST":
        return show(WizardStep.TWO_STEP)
    if not current_user.has_two_step:
        return show(WizardStep.TWO_STEP, is_refused=True), 422
    is_required = request.form.get("required") == "ya"
    settings.change({"require_two_step": is_required}, by_id=current_user.id)
    setup.settle(WizardStep.TWO_STEP, current_user.id)
    return onward(WizardStep.TWO_STEP)


@bp.route("/kantor", methods=["GET", "POST"])
@admins
@confirmed
def office() -> ResponseReturnValue:
    return _settings(WizardStep.OFFICE)


@bp.route("/jam-layanan", methods=["GET", "POST"])
@admins
@confirmed
def hours() -> ResponseReturnValue:
    return _settings(WizardStep.HOURS)


def _settings(step: WizardStep) -> ResponseReturnValue:
    texts: dict[str, str] = {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        _, errors = stored(request.form)
        if not errors:
            setup.settle(step, current_user.id)
            return onward(step)
        db.session.rollback()
        texts = request.form.to_dict()
    values = {**shown_settings(settings.current()), **texts}
    answer = show(step, shown=values, errors=errors, declared=DECLARATIONS)
    return answer, 422 if errors else 200


@bp.route("/kalender", methods=["GET", "POST"])
@admins
def calendar() -> ResponseReturnValue:
    """Ask to compare the days off of this year with the decree."""
    this_year = clock.today(settings.current().zone).year
    if request.method != "POST":
        form = DayOffForm(formdata=None)
        return show(WizardStep.CALENDAR, year=Year(this_year), form=form)
    days_off.confirm(this_year, current_user.id)
    setup.settle(WizardStep.CALENDAR, current_user.id)
    return onward(WizardStep.CALENDAR)


@bp.route("/petugas", methods=["GET", "POST"])
@admins
@confirmed
def people() -> ResponseReturnValue:
    """Invite one person after the other."""
    form = PersonForm()
    is_refused = request.method == "POST" and not (form.validate() and invited(form))
    if request.method != "POST" or is_refused:
        if request.method != "POST":
            form.role.data = Role.OFFICER.value
        staff = User.serving(Role.OFFICER, Role.HEAD, Role.ADMIN)
        answer = show(WizardStep.PEOPLE, form=form, staff=staff)
        return answer, 422 if is_refused else 200
    if form.role.data == Role.OFFICER:
        setup.settle(WizardStep.PEOPLE, current_user.id)
    db.session.commit()
    flash("Undangan dikirim.")
    return done(url_for(".people"))


@bp.route("/surel", methods=["GET", "POST"])
@admins
def mail() -> ResponseReturnValue:
    """Send a mail the way every mail goes: through the outbox, by the worker."""
    form = EmailForm(email=current_user.email)
    if request.method != "POST" or not form.validate():
        answer = show(WizardStep.MAIL, form=form, test=TestMail(has_server()))
        return answer, 422 if request.method == "POST" else 200
    cause = f"{current_user.id}:{clock.now().isoformat()}"
    if server := MailServer.find():
        server.resume()  # what was wrong may be mended now
    OutboxMail.put(TEST_MAIL, to=(current_user.name, form.email.data), cause=cause)
    db.session.commit()
    return done(url_for(".mail"))


@bp.get("/surel/keadaan")
@admins
def delivery() -> ResponseReturnValue:
    return fragment("wizard/_delivery.html", test=TestMail(has_server()))


@bp.post("/surel/penerimaan")
@admins
def received() -> ResponseReturnValue:
    """Take the admin's word that the mail arrived."""
    setup.settle(WizardStep.MAIL, current_user.id)
    return onward(WizardStep.MAIL)


@bp.route("/artikel", methods=["GET", "POST"])
@admins
def articles() -> ResponseReturnValue:
    """Publish the starter articles that are wanted: all, none, or one by one."""
    offer = StarterArticles()
    if request.method != "POST":
        return show(WizardStep.ARTICLES, offer=offer)
    topics, slugs = request.form.getlist("topic"), request.form.getlist("article")
    button = request.form.get("press")
    if button == ALL:
        topics = [topic.value for topic, _ in offer.groups]
    articles_to_load = {} if button == NONE else offer.choose(topics, slugs)
    if button not in (ALL, CHOSEN, NONE) or (button == CHOSEN and not articles_to_load):
        reason = "unchosen" if button == CHOSEN else "unpressed"
        ticked = {*topics, *slugs}
        return show(
            WizardStep.ARTICLES, offer=offer, refused=reason, ticked=ticked
        ), 422
    count = importing.load(articles_to_load).made if articles_to_load else 0
    setup.settle(WizardStep.ARTICLES, current_user.id)
    flash(
        f"{count} artikel diterbitkan." if count else "Tidak ada artikel ditambahkan."
    )
    return onward(WizardStep.ARTICLES)


@bp.route("/sumber", methods=["GET", "POST"])
@admins
@confirmed
def sources() -> ResponseReturnValue:
    """Fetch the lists of codes, regions and tables, or go on with what there is."""
    if request.method != "POST":
        source = CatalogueSource.current()
        codes = ", ".join(source.domains) if source else ""
        form = FirstSourceForm(formdata=None, domains=codes)
        return _show_sources(form, set(FETCHED))
    if request.form.get("press") == ENOUGH:
        setup.settle(WizardStep.SOURCES, current_user.id)
        return onward(WizardStep.SOURCES)
    form, names = FirstSourceForm(), set(request.form.getlist("list"))
    if not form.validate():
        return _show_sources(form, names), 422
    keep(form, current_user.id)
    wish(names.intersection(FETCHED), current_user.id)
    setup.settle(WizardStep.SOURCES, current_user.id)
    flash("Sumber disimpan. Yang dipilih diambil dalam beberapa menit.")
    return onward(WizardStep.SOURCES)


def _show_sources(form: FirstSourceForm, ticked: set[str]) -> Response:
    return show(
        WizardStep.SOURCES, form=form, lists=Lists(), offered=FETCHED, ticked=ticked
    )


@bp.get("/selesai")
@admins
def finished() -> ResponseReturnValue:
    return page("wizard/finished.html", steps=Steps())


@bp.post("/<name>/penundaan")
@admins
def skip(name: str) -> ResponseReturnValue:
    """Leave a step for later; it stays an open point on the system screen."""
    if name not in set(WizardStep):
        abort(404)
    setup.skip(WizardStep(name), current_user.id)
    return onward(WizardStep(name))


@bp.post("/penyelesaian")
@admins
def finish() -> ResponseReturnValue:
    setup.skip_rest(current_user.id)
    db.session.commit()
    flash("Persiapan diakhiri. Yang belum selesai tercantum di halaman Sistem.")
    return done(url_for("admin.index"))
