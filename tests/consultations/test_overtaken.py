"""Nothing is sent from a page that others wrote on since; what counts as written."""

import pytest

from pst.consultations.states import Reason
from pst.database import db
from pst.rules import Conflict


@pytest.fixture
def seen(consultation, budi) -> int:
    """What stands last on the page that Budi and Siti have before them."""
    consultation.claim(budi)
    db.session.commit()
    return consultation.newest_id


def test_what_siti_wrote_since_is_to_be_read_first(consultation, budi, siti, seen):
    consultation.say(siti, "Juga menurut desa.")

    with pytest.raises(Conflict, match=siti.name):
        consultation.say(budi, "31.000 jiwa.", seen=seen)
    with pytest.raises(Conflict, match=siti.name):
        consultation.close(Reason.RESOLVED, by=budi, seen=seen)


def test_who_wrote_last_is_named(consultation, budi, siti, rina, seen):
    consultation.say(siti, "Juga menurut desa.")
    consultation.note(rina, "Ada di publikasi.")

    with pytest.raises(Conflict, match=rina.name):
        consultation.say(budi, "31.000 jiwa.", seen=seen)


def test_the_last_entry_of_the_page_itself_overtakes_nothing(consultation, budi, siti):
    consultation.claim(budi)
    question = consultation.say(siti, "Juga menurut desa.")

    consultation.say(budi, "31.000 jiwa.", seen=question.id)

    assert consultation.is_waiting_for_user


def test_what_one_wrote_oneself_in_another_window_does_not(
    consultation, budi, siti, seen
):
    consultation.say(siti, "Juga menurut desa.", seen=seen)
    consultation.say(siti, "Dan menurut umur.", seen=seen)

    assert consultation.turn.is_owed


def test_an_officer_who_took_it_does_not_hold_up_the_users_words(
    consultation, budi, rina, siti
):
    seen = consultation.newest_id
    consultation.claim(budi)
    consultation.transfer(rina, by=budi)

    consultation.say(siti, "Juga menurut desa.", seen=seen)

    assert consultation.newest_shown_id > seen
