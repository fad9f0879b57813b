"""The officer's side: work list, queue, and the conversation with its tools."""

from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.access import Role, officers, staff
from pst.accounts.users import User
from pst.consultations import duty, notices
from pst.consultations.canned import find_canned, usable
from pst.consultations.closing import told_of_closing
from pst.consultations.composing import Draft, DraftOfAnotherPage
from pst.consultations.forms import (
    MOST_ATTACHMENTS,
    TOO_MANY,
    AnswerForm,
    FilterForm,
    NoteForm,
    QuestionForm,
    SilastikForm,
    Then,
    TransferForm,
    is_id,
    new_key,
)
from pst.consultations.messages import Kind, Message
from pst.consultations.models import Consultation
from pst.consultations.overtaking import Overtaken
from pst.consultations.queries import Thread, earlier, read_by_others_at
from pst.consultations.reading import present_ids
from pst.consultations.states import Reason
from pst.consultations.views import find, limited_by_files
from pst.consultations.worklist import Section, Worklist
from pst.database import db
from pst.fields import BaseForm
from pst.outbox.bad_addresses import BadAddress
from pst.pages import done, fragment, framing, page

bp = Blueprint("desk", __name__, url_prefix="/petugas")


@bp.get("")
@staff
def index() -> ResponseReturnValue:
    form = FilterForm(request.args, meta={"csrf": False})
    form.petugas.choices = [("", "Semua"), *colleague_choices()]
    return page(
        "desk/index.html", worklist=_worklist(form), form=form, sections=list(Section)
    )


@bp.get("/daftar-kerja")
@staff
def worklist() -> ResponseReturnValue:
    """The lists anew, or 304 when nothing in them has moved."""
    worklist = _worklist(FilterForm(request.args, meta={"csrf": False}))
    if request.headers.get("HX-PTag") == worklist.version:
        return "", 304
    return fragment("desk/_worklist.html", worklist=worklist, ptag=worklist.version)


def _worklist(form: FilterForm) -> Worklist:
    number = request.args.get("hal", 1, type=int)
    return Worklist(current_user, form.filters(), page=min(max(number, 1), 10_000))


def colleague_choices() -> list[tuple[str, str]]:
    """List the officers as a form offers them."""
    return [(str(person.id), person.name) for person in User.serving(Role.OFFICER)]


@bp.get("/konsultasi/<number>")
@staff
def show(number: str) -> ResponseReturnValue:
    consultation = find(number)
    consultation.record_reading(current_user)
    return _show(consultation)


def _show(consultation: Consultation, **refused: BaseForm) -> Response:
    draft = Draft.of(consultation, current_user)
    thread = Thread(consultation, current_user)
    written = refused.pop("answer", None) or AnswerForm(
        formdata=None, body=draft.body if draft else None
    )
    forms: dict[str, BaseForm] = {
        "answer": written,
        "note": NoteForm(formdata=None),
        "question": QuestionForm(formdata=None),
        "transfer": TransferForm(formdata=None),
        "silastik": SilastikForm(formdata=None, silastik=consultation.silastik_number),
        **refused,
    }
    for name in ("answer", "question"):
        forms[name]["seen"].data = str(consultation.newest_id)
    answer = page(
        "desk/show.html",
        thread=thread,
        draft=draft,
        kept_files=Draft.files_of(consultation, current_user),
        canned=usable(),
        earlier=earlier(consultation),
        **_about(consultation),
        colleagues=_colleagues(consultation),
        **forms,
    )
    return framing(answer)


def _colleagues(consultation: Consultation) -> list[tuple[User, bool]]:
    """List who can be given it, with whether they are on duty; those are first."""
    if not consultation.can_be_answered_by(current_user):
        return []
    not_offered = {current_user.id, consultation.user_id}
    officers = User.serving(Role.OFFICER)
    return duty.here_first([each for each in officers if each.id not in not_offered])


@bp.get("/konsultasi/<number>/keadaan")
@staff
def state(number: str) -> ResponseReturnValue:
    """The part of the page that speaks of the state, fetched anew on `changed`."""
    return fragment("desk/_state.html", **_about(find(number)))


def _about(consultation: Consultation) -> dict[str, Any]:
    here = present_ids(consultation.number) - {current_user.id, consultation.user_id}
    return {
        "consultation": consultation,
        "read_at": read_by_others_at(consultation, current_user),
        "held": notices.held_seen(consultation),
        "bad_address": BadAddress.of(consultation.user.mailbox[1]),
        "present": [p for p in User.serving(Role.OFFICER, Role.HEAD) if p.id in here],
    }


@bp.post("/konsultasi/<number>/pengambilan")
@officers
def claim(number: str) -> ResponseReturnValue:
    find(number).claim(current_user)
    db.session.commit()
    return done(url_for(".show", number=number))


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
    form.officer.choices = colleague_choices()
    if not form.validate():
        return _show(consultation, transfer=form), 422
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
    if form.chosen is None:
        consultation.require_own(current_user)
        form.refuse_unpressed(current_user)
        return _refuse(number, form, 422)
    if form.chosen in (Then.CANNED, Then.DRAFT):
        return _write_on(consultation, form)
    if not form.take(consultation, current_user):
        return _refuse(number, form, 422)
    try:
        answer(consultation, form)
    except Overtaken as error:
        form.body.errors = [str(error)]
        return _refuse(number, form, 409)
    where, told = url_for(".show", number=number, _anchor="akhir"), None
    if form.chosen is Then.CLOSE and not consultation.is_open:
        where, told = url_for(".show", number=number), told_of_closing(consultation)
    elif form.chosen is Then.CLOSE and consultation.needs_explanation:
        where = url_for("closing.ask", number=number)
    db.session.commit()
    if told:
        flash(told)
    return done(where, event=None if form.chosen is Then.CLOSE else "said")


def answer(consultation: Consultation, form: AnswerForm) -> None:
    """Say what was written, and do with it what the pressed button says."""
    said = consultation.say(
        current_user,
        form.body.data or "",
        key=form.key.data,
        expects_reply=form.chosen is not Then.INTERIM,
        seen=form.seen_id,
        attachments=form.taken,
    )
    Draft.become(consultation, current_user, said.body, request.form.get("draf"))
    if said.id != consultation.newest_id:
        return  # a repeat of what was done before; much may have happened since
    if form.chosen in (Then.FINAL, Then.CLOSE):
        consultation.mark(said, current_user, final=True)
    if form.chosen is Then.CLOSE and not consultation.needs_explanation:
        consultation.close(Reason.RESOLVED, by=current_user)


def _refuse(number: str, form: AnswerForm, status: int) -> ResponseReturnValue:
    """Show again what was not sent, beside what has come meanwhile."""
    db.session.rollback()
    if form.stored:
        Draft.keep_files(find(number), current_user, form.stored, form.key.data or "")
        db.session.commit()
    if request.htmx:  # type: ignore[attr-defined]
        return fragment("consultations/_refused.html", form=form), status
    return _show(find(number), answer=form), status


def _write_on(consultation: Consultation, form: AnswerForm) -> ResponseReturnValue:
    """Put a canned answer into the text, or keep it as a draft; without scripts."""
    consultation.require_own(current_user)
    number, key = consultation.number, form.key.data or new_key()
    if not form.store_chosen(current_user):
        return _refuse(number, form, 422)
    wanted = {int(id) for id in request.form.getlist("attachment") if is_id(id)}
    if len(wanted) + len(form.stored) > MOST_ATTACHMENTS:
        form.files.errors, form.stored = [TOO_MANY], []
        return _refuse(number, form, 422)
    Draft.drop_files(consultation, current_user, but=wanted)
    Draft.keep_files(consultation, current_user, form.stored, key)
    if form.chosen is Then.CANNED and form.canned_id:
        canned = find_canned(form.canned_id)
        text = canned.filled(consultation, current_user)
        form.body.data = "\n\n".join(filter(None, (form.body.data, text)))
    text = form.body.data or ""
    try:
        Draft.keep(consultation, current_user, text, None, request.form.get("draf"))
    except DraftOfAnotherPage as error:
        form.body.errors = [str(error)]
        return _refuse(number, form, 409)
    db.session.commit()
    return done(url_for(".show", number=number, _anchor="composer"))


@bp.post("/konsultasi/<number>/catatan")
@officers
def note(number: str) -> ResponseReturnValue:
    consultation = find(number)
    form = NoteForm()
    if not form.validate():
        return _show(consultation, note=form), 422
    consultation.note(current_user, form.body.data or "", key=form.key.data)
    db.session.commit()
    return done(url_for(".show", number=number, _anchor="akhir"))


@bp.post("/konsultasi/<number>/nomor-silastik")
@officers
def note_silastik(number: str) -> ResponseReturnValue:
    consultation = find(number)
    form = SilastikForm()
    if not form.validate():
        return _show(consultation, silastik=form), 422
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
        return _show(consultation, question=form), 422
    try:
        consultation.ask_clarity(
            *(current_user, form.body.data or ""),
            key=form.key.data,
            seen=form.seen_id,
        )
    except Overtaken as error:
        db.session.rollback()
        form.body.errors = [str(error)]
        return _show(find(number), question=form), 409
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
    """Take back one's own last *Minta kejelasan* or *Permintaan jelas*."""
    find(number).undo_clock(current_user)
    db.session.commit()
    flash("Waktu layanan berlaku seperti sebelumnya.")
    return done(url_for(".show", number=number))


@bp.post("/konsultasi/<number>/pesan/<int:id>/tanda")
@officers
def mark(number: str, id: int) -> ResponseReturnValue:
    """Set or take away *Jawaban final* and *Tandai untuk indeks* (step 5)."""
    consultation = find(number)
    message = db.one_or_404(
        db.select(Message).filter_by(
            id=id, consultation_id=consultation.id, kind=Kind.MESSAGE
        )
    )
    wanted = {
        "final": {"final": True},
        "bukan-final": {"final": False},
        "indeks": {"flagged": True},
        "bukan-indeks": {"flagged": False},
    }.get(request.form.get("tanda", ""))
    if wanted is None:
        abort(400)
    consultation.mark(message, current_user, **wanted)
    db.session.commit()
    return done(url_for(".show", number=number, _anchor=f"message-{id}"))
