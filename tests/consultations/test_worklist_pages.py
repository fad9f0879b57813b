"""The worklist page by page: where it is cut, how it goes on, what its mark says."""

from datetime import date, timedelta

import pytest

from pst.consultations.desk.worklist.next_urgent import most_urgent
from pst.consultations.desk.worklist.sections import Filters, Section
from pst.consultations.desk.worklist.worklist import (
    PAGE_LENGTH,
    SHOWN,
    Worklist,
)
from pst.consultations.models import Consultation
from pst.consultations.states import Category, HoldReason, Reason
from pst.database import db


def ask(user, subject: str = "IPM", category=Category.DATA) -> Consultation:
    consultation = Consultation.ask(user, category, subject, "Uraian.")
    db.session.flush()
    return consultation


def shown(worklist: Worklist, section: Section) -> list[str]:
    return [row.number for row in worklist.rows(section)]


@pytest.fixture
def many(siti, budi, at) -> list[Consultation]:
    """So many of Budi's that a page does not hold them."""
    made = [ask(siti, str(n)) for n in range(PAGE_LENGTH + 1)]
    for each in made:
        each.claim(budi)
    db.session.commit()
    return made


def test_a_section_is_cut_and_alone_it_is_read_page_by_page(many, budi):
    numbers = [each.number for each in many]
    every = Worklist(budi)
    assert shown(every, Section.TO_ANSWER) == numbers[:SHOWN]
    assert every.is_cut(Section.TO_ANSWER)
    assert not every.has_next

    one, two = (
        Worklist(budi, Filters(section=Section.TO_ANSWER), page=page) for page in (1, 2)
    )
    assert shown(one, Section.TO_ANSWER) == numbers[:PAGE_LENGTH]
    assert shown(two, Section.TO_ANSWER) == numbers[PAGE_LENGTH:]
    assert (one.has_prev, one.has_next) == (False, True)
    assert (two.has_prev, two.has_next) == (True, False)
    assert not one.is_cut(Section.TO_ANSWER)
    assert one.version != two.version


def test_a_list_that_just_fits_goes_nowhere(many, budi, rina):
    for each in many[SHOWN:]:
        each.transfer(rina, budi)
    db.session.commit()
    assert not Worklist(budi).is_cut(Section.TO_ANSWER)

    for each in many[SHOWN:PAGE_LENGTH]:
        each.transfer(budi, rina)
    db.session.commit()
    alone = Worklist(budi, Filters(section=Section.TO_ANSWER))
    assert not alone.has_next


def test_a_list_of_what_is_over_goes_on_after_its_last_row(many, budi):
    for each in many:
        each.say(budi, "31.000 jiwa.")
        each.close(Reason.RESOLVED, by=budi)
    db.session.commit()
    newest = [each.number for each in reversed(many)]
    filters = Filters(section=Section.CLOSED)

    one = Worklist(budi, filters)
    assert shown(one, Section.CLOSED) == newest[:PAGE_LENGTH]
    assert one.last_shown == newest[PAGE_LENGTH - 1]
    two = Worklist(budi, filters, after=one.last_shown)
    assert shown(two, Section.CLOSED) == newest[PAGE_LENGTH:]
    assert two.last_shown == ""
    exact = Worklist(budi, filters, after=newest[0])
    assert (len(shown(exact, Section.CLOSED)), exact.last_shown) == (PAGE_LENGTH, "")


def test_the_title_counts_what_waits_for_an_officer(siti, budi, rina, hasan, at):
    for officer, words in (
        *((None, ""), (budi, ""), (budi, "Tahun berapa?")),
        *((rina, ""), (rina, "Tahun berapa?")),
    ):
        each = ask(siti)
        if officer:
            each.claim(officer)
        if words:
            each.say(officer, words)
    db.session.commit()

    def counts(viewer) -> list[int]:
        worklist = Worklist(viewer)
        sections = (Section.QUEUE, Section.TO_ANSWER, Section.WAITING, Section.OTHERS)
        return [*(worklist.count(each) for each in sections), worklist.urgent]

    assert counts(budi) == [1, 1, 1, 2, 2]
    assert counts(rina) == [1, 1, 1, 2, 2]
    assert counts(hasan) == [1, 2, 2, 0, 3]


def test_the_mark_of_a_list_changes_with_a_hold_and_with_the_hour(
    consultation, budi, at
):
    before = Worklist(budi).version
    consultation.closing_held = HoldReason.OWED
    db.session.commit()
    held = Worklist(budi).version
    at("2026-03-02 10:00+07:00")

    assert len({before, held, Worklist(budi).version}) == 3


def test_a_filter_counts_as_it_lists(siti, budi, at):
    for day in (2, 3):
        at(f"2026-03-0{day} 00:00+07:00")
        each = ask(siti, category=Category.METADATA if day == 3 else Category.DATA)
        each.claim(budi)
        at(f"2026-03-1{day} 09:00+07:00")
        each.say(budi, "31.000 jiwa.")
        each.close(Reason.RESOLVED, by=budi)
    db.session.commit()
    third = date(2026, 3, 3)

    for chosen, number in (
        (Filters(), 2),
        (Filters(category=Category.METADATA), 1),
        (Filters(since=third), 1),
        (Filters(until=third), 2),
        (Filters(until=third - timedelta(days=1)), 1),
    ):
        assert Worklist(budi, chosen).count(Section.UNEXPLAINED) == number


def test_the_next_is_neither_the_one_left_nor_ones_own(consultation, budi, rina, at):
    own = ask(rina)
    own.asked_at -= timedelta(hours=1)
    db.session.commit()

    assert most_urgent(rina) == consultation.number
    assert most_urgent(rina, but=consultation.number) is None
    assert most_urgent(budi) == own.number


def test_the_address_of_a_list_carries_its_filters_and_no_empty_one(budi):
    assert Filters().address == {}
    filters = Filters(
        Category.METADATA, budi.id, Section.QUEUE, date(2026, 3, 1), date(2026, 3, 31)
    )

    assert filters.address == {
        "jenis": "metadata",
        "petugas": str(budi.id),
        "keadaan": "antrian",
        "dari": "2026-03-01",
        "sampai": "2026-03-31",
    }
