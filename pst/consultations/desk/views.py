"""The officer's side: work list, queue, and the conversation with its tools."""

from flask import Blueprint, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.accounts.users import User
from pst.consultations.blueprint import find
from pst.consultations.desk.answering import answer, refuse, write_on
from pst.consultations.desk.closing import closing_notice
from pst.consultations.desk.forms import (
    AnswerForm,
    FilterForm,
    NoteForm,
    Press,
    QuestionForm,
    SilastikForm,
    TransferForm,
)
from pst.consultations.desk.page import about, show_page
from pst.consultations.desk.worklist.sections import Section
from pst.consultations.desk.worklist.worklist import Worklist
from pst.consultations.forms import is_id
from pst.consultations.messages import Kind, Message
from pst.consultations.models import Consultation
from pst.consultations.rate_limits import limited_by_files
from pst.database import db
from pst.rules import Conflict, WrongState
from pst.web.access import Role, officers, person, staff
from pst.web.forms.choices import choices_from
from pst.web.responses import done, fragment, page

SENDING = (Press.SEND, Press.ONWARD)
MARKS = {
    "final": {"final": True},
    "bukan-final": {"final": False},
    "indeks": {"flagged": True},
    "bukan-indeks": {"flagged": False},
}
bp = Blueprint("desk", __name__, url_prefix="/petugas")


@bp.get("")
@staff
def index() -> ResponseReturnValue:
    form = FilterForm(request.args)
    return page(
        "desk/index.html",
        worklist=_worklist(form),
        sections=tuple(Section),
        unread_dates=form.unread_dates,
    )


@bp.get("/daftar-kerja")
@staff
def worklist() -> ResponseReturnValue:
    """Return the lists again, or 304 when nothing in them has changed."""
    worklist = _worklist(FilterForm(request.args))
    if request.headers.get("HX-PTag") == worklist.version:
        return "", 304
    return fragment("desk/_worklist.html", worklist=worklist, ptag=worklist.version)


def _worklist(form: FilterForm) -> Worklist:
    number = request.args.get("hal", 1, type=int)
    page, after = min(max(number, 1), 10_000), request.args.get("sesudah", "")
    return Worklist(current_user, form.filters(), page=page, after=after)


def colleague_choices() -> list[tuple[str, str]]:
    """Return the officers as the choices of a form."""
    return [(str(each.id), each.name) for each in User.serving(Role.OFFICER)]


@bp.get("/konsultasi/<number>")
@staff
def show(number: str) -> ResponseReturnValue:
    consultation = find(number)
    consultation.record_reading(person())
    return show_page(consultation)


@bp.get("/konsultasi/<number>/keadaan")
@staff
def state(number: str) -> ResponseReturnValue:
    """Return the state of the page, fetched again on `changed`."""
    return fragment("desk/_state.html", **about(find(number)))


@bp.post("/konsultasi/<number>/pengambilan")
@officers
def claim(number: str) -> ResponseReturnValue:
    """Take it off the queue; who was too late is shown who has it now."""
    try:
        find(number).claim(current_user)
    except WrongState as error:
        db.session.rollback()
        return show_page(find(number), notice=str(error)), 409
    db.session.commit()
    return done(url_for("desk.show", number=number))


@bp.post("/konsultasi/<number>/pengembalian")
@officers
def release(number: str) -> ResponseReturnValue:
    find(number).release(current_user)
    db.session.commit()
    flash(f"{number} dikembalikan ke antrian.")
    return done(url_for(".index"))


@bp.post("/konsultasi/<number>/pengalihan")
@officers
def transfer(number: str) -> ResponseReturnValue:
    consultation = find(number)
    form = TransferForm()
    form.officer.choices = choices_from(colleague_choices())
    if not form.validate():
        return show_page(consultation, transfer=form), 422
    to = db.session.get_one(User, int(form.officer.data))
    consultation.transfer(to, current_user, form.note.data or "")
    name = to.name
    db.session.commit()
    flash(f"{number} dialihkan kepada {name}.")
    return done(url_for(".index"))


@bp.post("/konsultasi/<number>/pesan")
@officers
@limited_by_files
def say(number: str) -> ResponseReturnValue:
    consultation = find(number)
    form = AnswerForm()
    if form.pressed is None:
        consultation.require_own(current_user)
        form.refuse_unpressed(current_user)
        return refuse(number, form, 422)
    if form.pressed not in SENDING:
        return write_on(consultation, form)
    if form.choice is None:
        consultation.require_own(current_user)
        form.refuse_unchosen(current_user)
        return refuse(number, form, 422)
    return send(consultation, form)


def send(consultation: Consultation, form: AnswerForm) -> ResponseReturnValue:
    """Send the answer, unless it is refused, and say where to go from there."""
    number = consultation.number
    if not form.take(consultation, current_user):
        return refuse(number, form, 422)
    try:
        answer(consultation, form)
    except Conflict as error:
        form.body.errors = [str(error)]
        return refuse(number, form, 409)
    where, notice = url_for(".show", number=number, _anchor="akhir"), None
    if form.pressed is Press.ONWARD:
        where = url_for("next_urgent.show", sesudah=number)
    if form.is_closing and not consultation.is_open:
        where, notice = url_for(".show", number=number), closing_notice(consultation)
    elif form.is_closing and consultation.needs_explanation:
        where = url_for("closing.ask", number=number)
    db.session.commit()
    if notice:
        flash(notice)
    is_leaving = form.is_closing or form.pressed is Press.ONWARD
    return done(where, event=None if is_leaving else "said")


@bp.post("/konsultasi/<number>/catatan")
@officers
def note(number: str) -> ResponseReturnValue:
    consultation = find(number)
    form = NoteForm()
    if not form.validate():
        return show_page(consultation, note=form), 422
    consultation.note(current_user, form.body.data or "", key=form.key.data)
    db.session.commit()
    return done(url_for(".show", number=number, _anchor="akhir"))


@bp.post("/konsultasi/<number>/nomor-silastik")
@officers
def note_silastik(number: str) -> ResponseReturnValue:
    consultation = find(number)
    form = SilastikForm()
    if not form.validate():
        return show_page(consultation, silastik=form), 422
    consultation.note_silastik(current_user, form.silastik.data or "")
    db.session.commit()
    flash("Nomor Silastik disimpan.")
    return done(url_for(".show", number=number))


@bp.post("/konsultasi/<number>/kejelasan")
@officers
def ask_clarity(number: str) -> ResponseReturnValue:
    consultation = find(number)
    form = QuestionForm()
    if not form.validate():
        return show_page(consultation, question=form), 422
    try:
        consultation.ask_clarity(
            current_user, form.body.data or "", key=form.key.data, seen=form.seen_id
        )
    except Conflict as error:
        db.session.rollback()
        form.body.errors = [str(error)]
        return show_page(find(number), question=form), 409
    db.session.commit()
    return done(url_for(".show", number=number, _anchor="akhir"))


@bp.post("/konsultasi/<number>/permintaan-jelas")
@officers
def mark_clear(number: str) -> ResponseReturnValue:
    find(number).mark_clear(current_user)
    db.session.commit()
    return done(url_for(".show", number=number))


@bp.post("/konsultasi/<number>/pembatalan-waktu")
@officers
def undo_clock(number: str) -> ResponseReturnValue:
    """Take back the officer's own last *Minta kejelasan* or *Permintaan jelas*."""
    find(number).undo_clock(current_user)
    db.session.commit()
    flash("Waktu layanan berlaku seperti sebelumnya.")
    return done(url_for(".show", number=number))


@bp.post("/konsultasi/<number>/tanda")
@officers
def mark(number: str) -> ResponseReturnValue:
    """Set or take away *Jawaban final*, *Tandai untuk indeks*: all are of one form."""
    consultation = find(number)
    name, _, id = request.form.get("mark", "").partition(" ")
    if name not in MARKS or not is_id(id):
        abort(400)
    message = db.one_or_404(
        db.select(Message).filter_by(
            id=int(id), consultation_id=consultation.id, kind=Kind.MESSAGE
        )
    )
    consultation.mark(message, current_user, **MARKS[name])
    db.session.commit()
    return done(url_for(".show", number=number, _anchor=f"message-{id}"))
