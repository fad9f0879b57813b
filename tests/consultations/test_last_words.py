"""What an officer wrote last: never a note, nor what was written after a link."""

from pst.consultations.conversation.others_reading import OthersReading
from pst.consultations.conversation.thread import Thread
from pst.consultations.jobs import tell_users
from pst.consultations.states import Next
from pst.database import db
from pst.outbox.models import OutboxMail


def test_a_note_after_the_answer_does_not_make_it_unread(consultation, budi, siti, at):
    consultation.claim(budi)
    answer = consultation.say(budi, "31.000 jiwa.")
    consultation.note(budi, "Datanya dari publikasi.")

    consultation.read(siti, answer.id)

    assert consultation.tell_user_at is None
    at("2026-03-02 10:00+07:00")
    assert OthersReading.of(consultation, budi).last_at is not None


def test_who_read_only_up_to_the_answer_has_not_read_it(consultation, budi, siti):
    consultation.claim(budi)
    question = consultation.say(siti, "Apakah ada?")
    consultation.say(budi, "Ada.")

    consultation.read(siti, question.id)

    assert consultation.tell_user_at is not None
    assert OthersReading.of(consultation, budi).last_at is None


def test_an_officer_who_reads_leaves_the_mail_to_the_user_planned(
    consultation, budi, rina
):
    consultation.claim(budi)
    answer = consultation.say(budi, "Ada.")

    consultation.read(rina, answer.id)

    assert consultation.tell_user_at is not None


def test_a_colleague_who_reads_is_not_the_other_side(consultation, budi, rina):
    consultation.claim(budi)
    answer = consultation.say(budi, "Ada.")

    consultation.read(rina, answer.id)

    assert OthersReading.of(consultation, budi).last_at is None


def test_a_mail_quotes_the_question_and_no_note(consultation, budi, at):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana?")
    consultation.note(budi, "Orang ini sering bertanya.")

    assert "Wilayah mana?" in consultation.excerpt
    assert "sering" not in consultation.excerpt
    db.session.commit()
    at("2026-03-02 09:03+07:00")
    tell_users()
    mail = db.session.query(OutboxMail).filter_by(kind="clarity_needed").one()
    assert "Wilayah mana?" in mail.body
    assert "sering" not in mail.body


def test_a_mail_quotes_the_office_and_not_the_user(consultation, budi, siti):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah mana?")
    consultation.say(siti, "Terima kasih.")  # thanks answer nothing

    assert "Wilayah mana?" in consultation.excerpt


def test_a_link_shows_what_it_was_mailed_for(consultation, budi):
    consultation.claim(budi)
    first = consultation.say(budi, "Tahun berapa?")
    second = consultation.say(budi, "Atau semua tahun?")

    assert consultation.last_from_office(until=first.id) is first
    assert consultation.last_from_office(until=second.id) is second
    assert consultation.last_from_office() is second


def test_only_a_final_answer_or_an_open_question_is_quoted(consultation, budi):
    consultation.claim(budi)
    answer = consultation.say(budi, "31.000 jiwa.", then=Next.DONE)
    assert consultation.excerpt == ""

    consultation.mark(answer, budi, final=True)

    assert "31.000" in consultation.excerpt


def test_what_is_too_long_to_quote_is_cut_between_two_words(consultation, budi):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Wilayah " * 60)
    assert consultation.excerpt == "Wilayah " * 49 + "Wilayah …"


def test_of_many_lines_the_first_four_are_quoted_whole(consultation, budi):
    consultation.claim(budi)
    consultation.ask_clarity(budi, "Satu kata\n\ndua\ntiga\nempat lagi\nlima")
    assert consultation.excerpt == "Satu kata\ndua\ntiga\nempat lagi …"


def test_notes_are_shown_to_officers_and_not_to_one_who_asked(
    consultation, budi, siti, hasan
):
    consultation.note(budi, "Catatan.")

    def shown(reader) -> list[str]:
        return [each.body for each in Thread(consultation, reader).messages]

    assert "Catatan." in shown(budi)
    assert "Catatan." in shown(hasan)
    assert "Catatan." not in shown(siti)


def test_the_first_unread_entry_is_by_another_and_after_the_mark(
    consultation, budi, siti
):
    consultation.claim(budi)
    consultation.say(budi, "Tahun berapa?")
    own = consultation.say(siti, "2020.")
    answer = consultation.say(budi, "31.000 jiwa.")

    assert Thread(consultation, siti).first_unread_id == answer.id
    assert Thread(consultation, budi).first_unread_id is None
    consultation.read(siti, own.id)
    assert Thread(consultation, siti).first_unread_id == answer.id
    consultation.read(siti, answer.id)
    assert Thread(consultation, siti).first_unread_id is None


def test_no_one_has_read_what_is_not_written_yet(consultation, budi, siti):
    consultation.claim(budi)
    consultation.read(siti, 10**6)
    answer = consultation.say(budi, "31.000 jiwa.")

    assert Thread(consultation, siti).first_unread_id == answer.id
