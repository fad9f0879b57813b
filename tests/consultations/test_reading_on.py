"""Where a conversation opens, what of it is read, and what may be written to it."""

from datetime import timedelta

from pst import clock
from pst.accounts.registration.registrations import Registration
from pst.consultations.conversation.others_reading import OthersReading
from pst.consultations.conversation.thread import Thread
from pst.consultations.filing.unfiled import LASTS, UnfiledRequest
from pst.consultations.states import Category, Next, Reason
from pst.database import db

NETWORK = "192.0.2.0/24"


def bodies(thread: Thread) -> list[str]:
    return [each.body for each in thread.messages if each.is_said]


def test_of_a_long_one_the_newest_are_shown_and_the_earlier_ones_are_a_link_away(
    mine, siti
):
    said = [mine.say(siti, f"Pesan {n}") for n in range(4)]
    number = len(mine.messages)

    newest = Thread(mine, siti, most=3)
    assert bodies(newest) == ["Pesan 1", "Pesan 2", "Pesan 3"]
    assert newest.has_earlier
    assert not Thread(mine, siti, most=number).has_earlier
    assert Thread(mine, siti, most=number - 1).has_earlier
    assert not Thread(mine, siti).has_earlier
    before = Thread(mine, siti, most=2, before=said[2].id)
    assert bodies(before) == ["Pesan 0", "Pesan 1"]
    assert bodies(Thread(mine, siti, after=said[2].id)) == ["Pesan 3"]


def test_the_page_tells_where_the_next_reading_starts(mine, budi, siti):
    last = mine.say(siti, "Untuk 2025.")

    assert Thread(mine, siti).cursor == f"{last.id}.{mine.reads}"
    assert Thread(mine, siti, after=last.id).cursor == f"{last.id}.{mine.reads}"
    assert Thread(mine, siti, after=last.id).messages == []


def test_a_page_is_sent_what_was_corrected_since_its_count_of_readings(mine, siti):
    message = mine.say(siti, "Untuk 2052.")
    reads = mine.reads
    mine.correct(message, siti, "Untuk 2025.")
    db.session.flush()

    assert bodies(Thread(mine, siti, message.id, reads)) == ["Untuk 2025."]
    assert bodies(Thread(mine, siti, message.id, mine.reads)) == []
    assert bodies(Thread(mine, siti, message.id)) == []


def test_what_the_page_has_as_corrected_is_not_sent_again_once_it_is_read(
    mine, budi, siti
):
    message = mine.say(siti, "Untuk 2052.")
    mine.correct(message, siti, "Untuk 2025.")
    known = mine.reads
    mine.read(budi, message.id)
    db.session.flush()

    assert mine.reads > known
    assert bodies(Thread(mine, siti, message.id, known)) == []


def test_a_page_opens_at_what_is_unread_or_at_its_end(mine, budi, siti):
    """An officer who never read it begins with the request."""
    assert (Thread(mine, budi).opens_at_id, Thread(mine, budi).opens_at_end) == (
        None,
        False,
    )
    assert Thread(mine, siti).opens_at_end
    answer = mine.say(budi, "31.000 jiwa.")
    assert Thread(mine, siti).opens_at_id == answer.id
    assert not Thread(mine, siti).opens_at_end
    assert Thread(mine, siti, after=answer.id - 1).opens_at_id is None
    assert Thread(mine, budi).opens_at_end

    message = mine.say(siti, "Menurut umur?")
    assert Thread(mine, budi).opens_at_id == message.id


def test_an_event_is_news_for_the_office_and_not_for_the_user(mine, budi, rina, siti):
    mine.read(rina, mine.newest_id)
    mine.read(siti, mine.newest_id)
    mine.transfer(rina, budi)
    db.session.flush()

    assert Thread(mine, siti).first_unread_id is None
    assert Thread(mine, rina).first_unread_id == mine.newest_id


def test_news_begin_with_their_day_and_a_page_has_that_of_the_request_above(mine, siti):
    first = mine.newest_id
    mine.say(siti, "Untuk 2025.")

    assert [day for day, _ in Thread(mine, siti).days] == [None]
    news = Thread(mine, siti, after=first)
    assert [day for day, _ in news.days] == [news.first_day]


def test_who_may_write_on_the_page(mine, budi, rina, hasan, siti):
    def may() -> set[str]:
        return {
            each.name
            for each in (budi, rina, hasan, siti)
            if Thread(mine, each).can_be_written
        }

    assert may() == {budi.name, siti.name}
    assert not Thread(mine, siti, before=10**6).can_be_written
    mine.close(Reason.RESOLVED, by=budi)
    assert may() == {siti.name}
    mine.closed_at -= timedelta(days=8)
    assert may() == set()


def test_the_seconds_left_to_correct_are_counted_down(mine, budi, siti, at):
    message = mine.say(siti, "Untuk 2052.")
    mine.note(budi, "Catatan.")

    def left(reader, at_last: int = -1) -> int:
        thread = Thread(mine, reader)
        entry = next(each for each in thread.messages if each.id == message.id)
        return thread.correctable_s(entry)

    assert (left(siti), left(budi)) == (120, 0)
    at("2026-03-02 09:01:59+07:00")
    assert left(siti) == 1
    at("2026-03-02 09:02+07:00")
    assert left(siti) == 0
    at("2026-03-02 09:03+07:00")
    assert left(siti) == 0
    at("2026-03-02 09:00+07:00")
    mine.read(budi, message.id)
    assert left(siti) == 0


def test_a_colleague_is_offered_no_correction(mine, budi, rina):
    mine.say(budi, "31.00 jiwa.")
    mine.note(budi, "Catatan.")
    mine.say(budi, "", then=Next.DONE)

    def left(reader) -> list[int]:
        thread = Thread(mine, reader)
        return [thread.correctable_s(entry) for entry in thread.messages]

    assert [each for each in left(budi) if each] == [120]
    assert not any(left(rina))


def test_the_other_side_is_the_user_or_all_of_the_office(
    mine, budi, rina, hasan, siti, at
):
    message = mine.say(siti, "Untuk 2025.")
    at("2026-03-02 10:00+07:00")
    mine.read(rina, message.id)
    first_at = clock.now()
    at("2026-03-02 11:00+07:00")
    mine.read(budi, message.id)
    db.session.flush()

    hers = OthersReading.of(mine, siti)
    assert (hers.upto, hers.last_at, hers.own_upto) == (
        message.id,
        first_at,
        message.id,
    )
    his = OthersReading.of(mine, hasan)
    assert (his.upto, his.last_at, his.own_upto) == (message.id, None, 0)
    more = mine.say(siti, "Atau 2024.")
    mine.read(budi, more.id)
    db.session.flush()
    assert OthersReading.of(mine, siti).upto == more.id, "who has read furthest"
    answer = mine.say(budi, "31.000 jiwa.", then=Next.DONE)
    mine.read(siti, answer.id)
    db.session.flush()
    assert OthersReading.of(mine, budi).last_at == clock.now()


# Requests that wait to be filed


def keep(owner, subject: str, key: str) -> UnfiledRequest:
    asked = (Category.DATA, subject, "Uraian.")
    return UnfiledRequest.keep(owner, *asked, details={}, key=key, network=NETWORK)


def waiting(owner) -> list[str]:
    rows = db.session.scalars(UnfiledRequest.waiting_for(owner))
    return [row.subject for row in rows]


def test_what_waits_to_be_filed_is_its_owners_the_oldest_first(siti, dewi, at):
    keep(siti, "Padi", "1")
    at("2026-03-03 09:00+07:00")
    keep(siti, "Jagung", "2")
    keep(siti, "Padi 2025", "1")
    keep(dewi, "Kedelai", "1")

    assert waiting(siti) == ["Padi 2025", "Jagung"]
    assert waiting(dewi) == ["Kedelai"]
    at(clock.now() + LASTS - timedelta(seconds=1))
    assert waiting(siti) == ["Padi 2025", "Jagung"]
    at(clock.now() + timedelta(seconds=1))
    assert waiting(siti) == []


def test_what_was_filed_waits_no_longer_and_is_filed_once(siti, at):
    row = keep(siti, "Padi", "1")
    filed = row.file(siti)
    db.session.flush()

    assert waiting(siti) == []
    assert (filed.subject, filed.key) == ("Padi", "1")
    assert keep(siti, "Padi", "1").file(siti) is filed


def test_what_is_kept_about_a_person_is_theirs_and_their_registrations(siti, dewi, at):
    about = {
        **{"password_hash": "x", "name": "Siti", "institution_kind": "perorangan"},
        **{"institution": "", "occupation": "lainnya", "consent_version": "1"},
    }
    Registration.put(siti, about, set(), NETWORK, None)
    db.session.flush()
    registration = db.session.query(Registration).one()
    keep(siti, "Padi", "1")
    keep(registration, "Jagung", "1")
    keep(dewi, "Kedelai", "1")

    rows = db.session.scalars(UnfiledRequest.kept_about(siti))
    assert {row.subject for row in rows} == {"Padi", "Jagung"}
    assert waiting(registration) == ["Jagung"]
