"""The page on which an officer serves a consultation, as its views return it."""

from typing import Any

from flask import Response, request

from pst.accounts.users import User
from pst.consultations import duty, notices
from pst.consultations.answers.canned import CannedAnswer
from pst.consultations.answers.drafts import Draft
from pst.consultations.conversation import facts
from pst.consultations.conversation.others_reading import OthersReading
from pst.consultations.conversation.read_marks import present_ids
from pst.consultations.conversation.thread import NEWEST, Thread
from pst.consultations.desk.forms import (
    AnswerForm,
    NoteForm,
    QuestionForm,
    SilastikForm,
    TransferForm,
)
from pst.consultations.models import Consultation
from pst.consultations.queries import earlier
from pst.outbox.bad_addresses import BadAddress
from pst.web.access import Role, person
from pst.web.forms.fields import BaseForm
from pst.web.once import blank
from pst.web.responses import framing, page


def show_page(
    consultation: Consultation, notice: str = "", **refused: BaseForm
) -> Response:
    """Show it, with what was refused: a `notice`, or forms as they were typed."""
    reader = person()
    draft = Draft.of(consultation, reader)
    files = Draft.files_of(consultation, reader)
    thread = Thread(consultation, reader, most=NEWEST)
    answer = page(
        "desk/show.html",
        notice=notice,
        thread=thread,
        draft=draft,
        kept_files=tuple((file.id, file.name, file.size) for file in files),
        canned=CannedAnswer.titles_for(reader),
        earlier=earlier(consultation),
        facts=facts.html(consultation, reader),
        **about(consultation, thread.others),
        colleagues=_colleagues(consultation, reader),
        **_forms(consultation, draft, refused),
    )
    return framing(answer)


def _forms(
    consultation: Consultation, draft: Draft | None, refused: dict[str, BaseForm]
) -> dict[str, BaseForm]:
    """Return the forms of the page; of those that were refused, as they were typed."""
    quoted, silastik = request.args.get("quoted"), consultation.silastik_number
    answer, number = blank(AnswerForm), blank(SilastikForm)
    if draft or quoted:
        body = draft.body if draft else None
        answer = AnswerForm(formdata=None, body=body, quoted=quoted)
    if silastik:
        number = SilastikForm(formdata=None, silastik=silastik)
    return {
        "answer": answer,
        "note": blank(NoteForm),
        "question": blank(QuestionForm),
        "transfer": blank(TransferForm),
        "silastik": number,
        **refused,
    }


def _colleagues(
    consultation: Consultation, reader: User
) -> list[tuple[duty.Officer, bool]]:
    """Return who it can be given to, and whether they are on duty; those are first."""
    if not consultation.can_be_answered_by(reader):
        return []
    not_offered = {reader.id, consultation.user_id}
    others = [each for each in duty.team_today() if each[0].id not in not_offered]
    return sorted(others, key=lambda each: not each[1])


def about(
    consultation: Consultation, others: OthersReading | None = None
) -> dict[str, Any]:
    reader = person()
    here = present_ids(consultation.number) - {reader.id, consultation.user_id}
    return {
        "consultation": consultation,
        "others": others or OthersReading.of(consultation, reader),
        "held": notices.held_seen(consultation),
        "bad_address": BadAddress.of(consultation.user.mailbox[1]),
        "present": _staff_among(here),
    }


def _staff_among(ids: set[int]) -> list[User]:
    """Return the officers and heads among `ids`; ask for none where there are none."""
    staff = User.serving(Role.OFFICER, Role.HEAD) if ids else []
    return [each for each in staff if each.id in ids]
