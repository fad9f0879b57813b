"""What silence and thanks end, and what they do not."""

import pytest

from pst.consultations import notices
from pst.consultations.desk.worklist.sections import Section
from pst.consultations.desk.worklist.worklist import Worklist
from pst.consultations.jobs import (
    close_silent,
    tell_users,
)
from pst.consultations.states import HoldReason, Reason, State
from pst.consultations.verbs.thanks import is_only_thanks
from pst.database import db
from pst.outbox.models import Delivery, OutboxMail
from tests.owed import mailed


def test_nothing_is_closed_on_a_user_whom_no_mail_reached(
    has_mail_server, consultation, budi, at
):
    consultation.claim(budi)
    consultation.say(budi, "Tahun berapa?")
    db.session.commit()
    at("2026-03-02 09:05+07:00")
    tell_users()

    at("2026-03-06 09:00+07:00")
    close_silent()
    assert consultation.state is State.WAITING_USER
    assert consultation.closing_held is HoldReason.OWED
    db.session.query(OutboxMail).filter_by(kind="officer_answered").update(
        {"state": Delivery.FAILED}
    )
    db.session.commit()
    close_silent()
    row = Worklist(budi).rows(Section.WAITING)[0]
    assert row.closing_held is HoldReason.BOUNCED

    db.session.query(OutboxMail).update({"state": Delivery.SENT})
    db.session.commit()
    at("2026-03-06 10:00+07:00")
    close_silent()  # it arrived at last: warned, with all the time there is
    assert consultation.closing_held is None
    assert mailed("closing_warning") == ["siti@contoh.test"]
    db.session.query(OutboxMail).update({"state": Delivery.SENT})
    db.session.commit()
    at("2026-03-07 09:59:59+07:00")
    close_silent()
    assert consultation.state is State.WAITING_USER
    at("2026-03-07 10:00+07:00")
    close_silent()
    assert consultation.state is State.CLOSED


def test_who_has_read_it_needs_no_mail(has_mail_server, consultation, budi, siti, at):
    consultation.claim(budi)
    message = consultation.say(budi, "Tahun berapa?")
    consultation.read(siti, message.id)
    db.session.commit()

    assert not notices.held_why(consultation)


def test_thanks_do_not_reopen_and_questions_do(consultation, budi, siti):
    consultation.claim(budi)
    consultation.say(budi, "Jumlahnya 31.000 jiwa.")
    consultation.close(Reason.RESOLVED, budi)

    consultation.say(siti, "Terima kasih banyak, Bu.")
    assert consultation.state is State.CLOSED

    consultation.say(siti, "Terima kasih. Kalau tahun lalu berapa?")
    assert consultation.state is State.ACTIVE


@pytest.mark.parametrize(
    "text", ["Terima kasih", "ok pak", "Siap, trims!", "🙏 makasih"]
)
def test_thanks_are_recognised(text):
    assert is_only_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "🙏", "Sudah jelas?", "Terima kasih, tetapi datanya salah", "baik 2025"),
        *("Belum jelas", "Tidak membantu, terima kasih", "terima kasih " * 20),
    ],
)
def test_what_says_more_than_thanks_is_not(text):
    assert not is_only_thanks(text)
