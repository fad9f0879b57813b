"""Work that is offered to a colleague, and who is offered it first."""

from datetime import date

import pytest

from pst.consultations import duty
from pst.consultations.desk.worklist.sections import Filters, Section
from pst.consultations.desk.worklist.worklist import Worklist
from pst.consultations.duty import DutyChange
from pst.consultations.states import Reason
from pst.database import db
from tests.consultations.steps import ask, served

MONDAY = date(2026, 3, 2)


def test_colleagues_who_are_here_are_offered_first(budi, rina, hasan, at):
    day = duty.today()
    DutyChange.plan(budi, day, day, "Cuti", by=hasan)
    db.session.commit()

    assert duty.here_first([budi, rina]) == [(rina, True), (budi, False)]


@pytest.fixture
def away(rina, at) -> None:
    DutyChange.plan(rina, MONDAY, MONDAY, "cuti", by=rina)
    db.session.commit()


def offered(viewer, section: Section) -> list[bool]:
    """Return for each row of a section whether its viewer may take it over."""
    worklist = Worklist(viewer, Filters(section=section))
    return [worklist.reading.may_take_over(row) for row in worklist.rows(section)]


def test_taking_over_is_offered_for_what_a_colleague_on_leave_left_open(
    away, consultation, rina, budi, hasan
):
    served(consultation, rina)
    assert offered(budi, Section.OTHERS) == [True]
    assert offered(hasan, Section.TO_ANSWER) == [False]

    consultation.say(rina, "31.000 jiwa.")
    consultation.close(Reason.RESOLVED, by=rina)
    db.session.commit()
    assert offered(budi, Section.CLOSED) == [False]


def test_taking_over_is_not_offered_to_who_asked(away, rina, budi):
    served(ask(budi), rina)

    assert offered(budi, Section.OTHERS) == [False]


def test_what_is_late_stands_nowhere_else(consultation, budi, at):
    served(consultation, budi)
    at("2026-03-05 15:30:01+07:00")
    worklist = Worklist(budi)

    assert len(worklist.rows(Section.OVERDUE)) == 1
    assert worklist.rows(Section.TO_ANSWER) == []
    assert worklist.sections == [Section.OVERDUE]
    alone = Worklist(budi, Filters(section=Section.TO_ANSWER))
    assert alone.rows(Section.TO_ANSWER) == []
