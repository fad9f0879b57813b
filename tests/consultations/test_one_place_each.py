"""What stands and counts once: in a list, a year, a turn, and for a colleague."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pst import clock
from pst.accounts.visitors import visit
from pst.consultations import notices
from pst.consultations.conversation.read_marks import ReadMark
from pst.consultations.conversation.thread import Thread
from pst.consultations.desk.worklist.sections import USUAL, Section
from pst.consultations.desk.worklist.worklist import Worklist
from pst.consultations.messages import EarlierWords, Event
from pst.consultations.models import Consultation
from pst.consultations.queries import earlier
from pst.consultations.states import Category, Channel, HoldReason, Next, Reason
from pst.database import db
from pst.office.audit import AuditEntry
from pst.push.devices import PushDevice
from pst.push.notices import PushNotice
from pst.rules import Conflict, WrongState

FRIDAY = "2026-03-06 09:00+07:00"


def ask(user, subject="Padi", **more) -> Consultation:
    return Consultation.ask(user, Category.DATA, subject, "Produksi?", **more)


def events(consultation) -> list[Event]:
    return [each.event for each in consultation.messages if each.event]


def test_what_is_late_stands_in_one_section_and_is_counted_there(
    siti, dewi, budi, rina, hasan, at
):
    late = {name: ask(siti, name) for name in ("queued", "active", "waiting")}
    late["active"].claim(budi)
    late["waiting"].claim(budi)
    late["others"] = ask(dewi, "others")
    late["others"].claim(rina)
    db.session.commit()
    at(FRIDAY)
    late["waiting"].ask_clarity(budi, "Tahun berapa?")
    for officer in (budi, rina):
        consultation = ask(dewi, "on time")
        consultation.claim(officer)
        consultation.say(officer, "Ini tabelnya.")
    ask(siti, "new")
    db.session.commit()

    for viewer, overdue in ((budi, 3), (rina, 2), (hasan, 4)):
        worklist = Worklist(viewer)
        assert worklist.count(Section.OVERDUE) == overdue
        shown = [row.id for each in USUAL for row in worklist.rows(each)]
        assert len(shown) == len(set(shown)) == 7, "each in one place"
        for section in USUAL:
            assert len(worklist.rows(section)) == worklist.count(section), section


def test_the_list_is_another_when_someone_wrote_or_read(consultation, siti, budi):
    versions = {Worklist(budi).version}
    consultation.say(siti, "Mohon segera.")
    db.session.flush()
    versions.add(Worklist(budi).version)
    ReadMark.advance(consultation.id, budi, consultation.newest_id)
    versions.add(Worklist(budi).version)
    assert len(versions) == 3


def test_numbers_begin_with_one_in_each_year(consultation, siti, at):
    assert consultation.number == "KS-2026-000001"
    at("2026-12-31 23:59+07:00")
    assert ask(siti).number == "KS-2026-000002"
    at("2027-01-01 00:00+07:00")
    assert [ask(siti).number for _ in range(2)] == ["KS-2027-000001", "KS-2027-000002"]


def test_a_form_that_is_sent_again_files_nothing_more(siti, dewi, at):
    first = ask(siti, key="k")
    assert ask(siti, key="k") is first
    assert ask(dewi, key="k") is not first, "another's form"
    assert earlier(first) == []
    other = ask(siti)
    assert [each.number for each in earlier(first)] == [other.number]


def test_asking_on_after_an_answer_is_no_clearing(consultation, siti, budi):
    consultation.claim(budi)
    consultation.say(budi, "31.000 jiwa.")
    consultation.say(siti, "Lalu berapa pada tahun 2024?")
    assert consultation.turn_number == 2
    assert Event.CLEARED not in events(consultation)


def test_only_words_that_came_later_stop_an_officer(consultation, siti, budi, rina):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Tahun berapa?")
    seen = consultation.say(siti, "Tahun 2024.").id
    assert consultation.newest_id > seen, "it was noted that the request is clear"
    consultation.say(budi, "Baik, kami cari.", then=Next.OFFICER, seen=seen)

    seen = consultation.newest_id
    consultation.note(rina, "Ada di tabel 5.")
    for act in (
        lambda: consultation.say(budi, "Ini.", seen=seen),
        lambda: consultation.close(Reason.RESOLVED, by=budi, seen=seen),
        lambda: consultation.ask_clarity(budi, "Bulan apa?", seen=seen),
    ):
        with pytest.raises(Conflict, match="Rina"):
            act()


def test_only_its_officer_asks_and_says_that_it_is_clear(consultation, budi, rina):
    consultation.claim(budi)
    with pytest.raises(WrongState, match="Budi"):
        consultation.ask_clarity(rina, "Tahun berapa?")
    consultation.ask_clarity(budi, "Tahun berapa?")
    with pytest.raises(WrongState, match="Budi"):
        consultation.mark_clear(rina)


def test_the_last_answer_counts_from_anyone_of_the_office(consultation, budi, rina):
    consultation.claim(budi)
    answer = consultation.say(budi, "31.000 jiwa.")
    consultation.transfer(rina, budi, "Tolong lanjutkan.")
    assert consultation.last_from_office() == answer
    assert consultation.last_from_office(until=answer.id) == answer
    assert consultation.last_from_office(until=answer.id - 1) is None


def test_why_it_is_held_is_noted_once_and_again_when_it_changes(consultation):
    for why in (
        HoldReason.OWED,
        HoldReason.OWED,
        HoldReason.BOUNCED,
        HoldReason.BOUNCED,
    ):
        consultation.hold_closing(why)
    query = sa.select(AuditEntry.detail).filter_by(action="hold_closing")
    noted = [detail["why"] for detail in db.session.scalars(query)]
    assert noted == ["owed", "bounced"]


def test_a_note_after_the_user_has_read_holds_nothing(
    consultation, siti, budi, has_mail_server, at
):
    consultation.claim(budi)
    answer = consultation.say(budi, "31.000 jiwa.")
    assert notices.held_why(consultation) is HoldReason.OWED
    consultation.read(siti, answer.id)
    consultation.note(budi, "Tabel 5.")
    consultation.tell_user_at = clock.now()
    assert notices.held_why(consultation) is None


def test_a_device_rings_for_an_answer_and_not_for_patience(siti, budi, rina, at):
    about = {"public_key": "a", "secret": "b", "name": "Edge"}
    for person in (siti, rina):
        place = f"https://push.contoh.test/{person.id}"
        device = PushDevice(user=person, endpoint=place, created_at=clock.now())
        device.public_key, device.secret, device.name = about.values()
        db.session.add(device)
    db.session.flush()

    def rung() -> list[str]:
        query = sa.select(PushNotice).order_by(PushNotice.id)
        return [each.device.user.name for each in db.session.scalars(query)]

    consultation = ask(siti)
    assert rung() == [rina.name], "who is on duty"
    consultation.claim(budi)
    consultation.say(budi, "Mohon tunggu.", then=Next.OFFICER)
    assert rung() == [rina.name]
    consultation.say(budi, "31.000 jiwa.")
    assert rung() == [rina.name, siti.name]


def test_what_was_asked_at_the_counter_counts_from_then_and_plans_no_mail(budi, at):
    visitor = visit("a", "Pak Karto", reachable_at="karto@contoh.test")
    asked_at = clock.now() - timedelta(days=3)
    what = (Channel.COUNTER, Category.DATA, "Padi", "Produksi?", asked_at)
    consultation = Consultation.record(budi, visitor, *what)
    assert consultation.turn.began_at == consultation.turn.clear_at == asked_at
    consultation.claim(budi)
    consultation.say(budi, "Mohon tunggu.", then=Next.OFFICER)
    assert consultation.tell_user_at is None


def test_an_officer_who_asks_for_their_own_gets_no_others(consultation, siti, budi):
    number = consultation.number
    assert Consultation.numbered(number, budi) is consultation
    assert Consultation.numbered(number, budi, own=True) is None
    assert Consultation.numbered(number, siti, own=True) is consultation


def test_what_was_corrected_is_erased_as_it_was_and_after_the_end_left(
    consultation, siti, budi
):
    message = consultation.say(siti, "NIK saya 3304.")
    consultation.correct(message, siti, "Maaf, abaikan.")
    consultation.claim(budi)
    answer = consultation.say(budi, "Baik.")
    thread = Thread(consultation, budi)
    assert thread.correctable_s(thread.messages[-1]) == 120
    consultation.close(Reason.RESOLVED, by=budi)
    closed = Thread(consultation, budi)
    assert (
        closed.correctable_s(next(e for e in closed.messages if e.id == answer.id)) == 0
    )

    consultation.erase(None)
    db.session.flush()
    assert db.session.scalars(sa.select(EarlierWords)).all() == []
