"""Texts of a conversation: canned, quoted, excerpted, and the codes that they name."""

import pytest
import sqlalchemy as sa

from pst.classifications.importing import example
from pst.consultations.answers import code_decisions, interim
from pst.consultations.answers.canned import CannedAnswer
from pst.consultations.answers.code_decisions import MAX_NAMED, CodeDecision, Review
from pst.consultations.conversation import excerpts, quoting
from pst.consultations.conversation.thread import Thread
from pst.consultations.models import Consultation
from pst.consultations.states import Category, Next
from pst.consultations.verbs import thanks
from pst.database import db
from pst.rules import WrongState
from pst.web.access import Role

# Canned answers


def write(by, title: str, *, is_shared: bool) -> CannedAnswer:
    CannedAnswer.write(by, title, "Teks.", is_shared=is_shared)
    return db.session.scalars(sa.select(CannedAnswer).filter_by(title=title)).one()


def test_an_officer_has_the_shared_texts_and_their_own_by_title(budi, rina, at):
    db.session.execute(sa.delete(CannedAnswer))
    write(rina, "C milik Rina", is_shared=False)
    shared = write(rina, "B bersama", is_shared=True)
    own = write(budi, "A milik Budi", is_shared=False)
    db.session.flush()

    assert CannedAnswer.titles_for(budi) == [
        (own.id, "A milik Budi"),
        (shared.id, "B bersama"),
    ]
    usable = db.session.scalars(CannedAnswer.usable_by(budi))
    assert list(usable) == [own, shared]


def test_only_its_maker_takes_a_shared_text_back(budi, rina, at):
    text = write(budi, "Salam", is_shared=True)
    text.rewrite(rina, "Salam", "Halo.", is_shared=False)
    assert (text.is_shared, text.body, text.changed_by_id) == (True, "Halo.", rina.id)

    text.rewrite(budi, "Salam", "Halo.", is_shared=False)
    assert (text.owner_id, text.made_by_id) == (budi.id, budi.id)
    text.rewrite(budi, "Salam", "Halo.", is_shared=True)
    assert text.is_shared


@pytest.mark.parametrize("how", ["left", "other role"])
def test_the_text_of_who_serves_no_more_is_every_officers(budi, rina, at, how):
    text = write(budi, "Salam", is_shared=True)
    assert not text.can_be_taken_back_by(rina)
    if how == "left":
        budi.active = False
    else:
        budi.role = Role.HEAD

    assert text.can_be_taken_back_by(rina)
    text.rewrite(rina, "Salam", "Halo.", is_shared=False)
    assert list(db.session.scalars(CannedAnswer.usable_by(rina))).count(text) == 1


def test_a_text_that_came_with_the_service_becomes_who_takes_its(budi, rina, at):
    text = db.session.scalars(sa.select(CannedAnswer).limit(1)).first()
    if text is None:
        CannedAnswer.bring_along()
        text = db.session.scalars(sa.select(CannedAnswer).limit(1)).first()
    assert text is not None and text.made_by_id is None

    text.rewrite(rina, text.title, text.body, is_shared=True)
    assert text.made_by_id is None
    text.rewrite(rina, text.title, text.body, is_shared=False)

    assert text.owner_id == text.made_by_id == rina.id


# Quotes and excerpts


def test_a_quote_is_of_a_message_of_this_conversation(mine, budi, siti):
    message = mine.say(siti, "Untuk 2025.")
    note = mine.note(budi, "Catatan.")
    other = Consultation.ask(siti, Category.DATA, "IPM", "IPM?")
    other.claim(budi)

    assert quoting.find(mine.id, message.id) is message
    for id in (None, note.id, mine.messages[0].id):
        assert quoting.find(mine.id, id) is None
    assert quoting.find(other.id, message.id) is None


def test_a_long_quote_is_cut_between_words(mine, siti):
    fits = "kata " * 31 + "akhir"
    message = mine.say(siti, fits)
    assert len(fits) == quoting.MAX_LENGTH
    assert quoting.quote_of(message, siti.id)["text"] == fits

    longer = quoting.quote_of(mine.say(siti, fits + "!"), siti.id)

    assert longer["text"] == "kata " * 30 + "kata …"
    assert longer["of_user"] is True


def test_a_page_quotes_what_it_shows(mine, budi, siti):
    message = mine.say(siti, "Untuk 2025.")
    note = mine.note(budi, "Catatan.")
    thread = Thread(mine, budi)

    quote = thread.quote(message.id)
    assert quote is not None
    assert (quote["id"], quote["text"]) == (message.id, "Untuk 2025.")
    assert thread.quote(note.id) is thread.quote(None) is None


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("satu\n\ndua\ntiga\nempat", "satu\ndua\ntiga\nempat"),
        ("satu\ndua\ntiga\nempat\nlima", "satu\ndua\ntiga\nempat …"),
        ("x" * 400, "x" * 400),
        ("kata " * 80 + "lagi", "kata " * 79 + "kata …"),
    ],
)
def test_an_excerpt_has_four_lines_of_four_hundred_characters(mine, budi, body, shown):
    answer = mine.say(budi, body, then=Next.DONE)

    assert excerpts.excerpt_of(answer, mine.user) == shown


# Words that only ask for patience, and words that only thank


def test_a_long_text_says_more_than_that_something_follows():
    words = "Mohon ditunggu. "
    fits = words + "x" * (interim.MAX_LENGTH - len(words))

    assert interim.proposed(fits) is Next.OFFICER
    assert interim.proposed(fits + "x") is Next.DONE
    assert interim.proposed(fits + "?") is Next.USER


def test_thanks_of_some_length_are_thanks_and_longer_ones_say_more():
    words = "baik " * (thanks.MAX_LENGTH // 5)

    assert thanks.is_only_thanks(words)
    assert not thanks.is_only_thanks(words + "!")


@pytest.mark.parametrize(
    ("text", "is_only", "has"),
    [
        ("Baik", True, False),
        ("OKE, SIP", True, False),
        ("TERIMA KASIH", True, True),
        ("Sudah jelas", False, False),
        ("Terima kasih?", False, True),
        ("Terima kasih 2025", False, True),
    ],
)
def test_a_word_of_thanks_is_more_than_a_word_of_consent(text, is_only, has):
    assert thanks.is_only_thanks(text) is is_only
    assert thanks.has_thanks(text) is has


# Codes that answers name


@pytest.fixture
def codes(mine, at) -> None:
    example.load()
    db.session.flush()


def note_codes(consultation, officer, answer: str) -> list[str]:
    """Note what an answer names; return all codes that were given in it."""
    code_decisions.note(consultation, answer, officer)
    db.session.flush()
    rows = db.session.scalars(
        sa.select(CodeDecision)
        .filter_by(consultation_id=consultation.id)
        .order_by(CodeDecision.id)
    )
    return [each.code.code for each in rows]


def test_what_is_called_wrong_near_a_code_is_not_given(codes, mine, budi):
    far = "Bukan usaha makanan keliling atau warung yang menetap, melainkan"
    assert note_codes(mine, budi, "Selain KBLI 2025 56101") == []
    assert note_codes(mine, budi, f"{far} KBLI 2025 56103") == ["56103"]
    assert note_codes(mine, budi, "Bukan itu. KBLI 2025 56101") == ["56103", "56101"]
    assert note_codes(mine, budi, "KBLI 2025 56101 dan KBLI 2025 99999") == [
        "56103",
        "56101",
    ]


def test_of_an_answer_with_very_many_codes_the_first_are_noted(codes, mine, budi):
    many = "KBLI 2025 99999, " * (MAX_NAMED - 1)

    assert note_codes(mine, budi, f"{many} KBLI 2025 56103, KBLI 2025 56101") == [
        "56103"
    ]


def test_a_decision_is_reviewed_once_by_a_colleague_if_there_is_one(
    codes, mine, budi, rina, hasan
):
    note_codes(mine, budi, "KBLI 2025 56103 dan KBLI 2025 56101")
    first, second = code_decisions.pending()
    assert not first.can_be_reviewed_by(budi)
    assert not first.can_be_reviewed_by(hasan)
    with pytest.raises(WrongState):
        first.leave(budi)

    first.leave(rina)
    assert first.review is Review.LEFT
    assert code_decisions.pending() == [second]
    with pytest.raises(WrongState, match="sudah ditinjau"):
        first.keep("nasi goreng", rina)
    rina.active = False
    assert second.can_be_reviewed_by(budi)


def test_requests_about_classification_are_listed_with_their_codes(
    codes, mine, budi, siti
):
    asked = [
        Consultation.ask(siti, Category.CLASSIFICATION, f"Usaha {n}", "Kode?")
        for n in range(3)
    ]
    note_codes(mine, budi, "KBLI 2025 56101")
    note_codes(asked[0], budi, "KBLI 2025 56103 atau KBLI 2025 56101")
    asked[2].erase(None)
    db.session.flush()

    rows = code_decisions.consultations_with_codes()

    assert [each for each, _ in rows] == asked[:2]
    assert [label.split()[2] for label in rows[0][1]] == ["56103", "56101"]
    assert rows[1][1] == []
