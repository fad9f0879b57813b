"""Erasing forgets every word and the person, at once, and keeps the counts."""

import sqlite3
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa

from pst import clock
from pst.accounts.log_ins import LogIn
from pst.accounts.passwords import matches
from pst.accounts.users import User
from pst.consultations.answers.drafts import Draft
from pst.consultations.attached_files import attachments
from pst.consultations.models import Consultation
from pst.consultations.states import Category, LateReason, Reason, State
from pst.database import db
from pst.feedback.models import Rating
from pst.knowledge.article.content import Content, Topic
from pst.knowledge.models import Article
from pst.office import audit
from pst.outbox.models import OutboxMail
from pst.personal_data import erasure
from pst.personal_data.breaches import Breach
from pst.personal_data.jobs import forget_words
from pst.rules import WrongState
from pst.uploads import storage
from tests.kept_files import attached, content_of
from tests.personal.conftest import SECRET
from tests.personal.stored import everything_stored
from tests.postgresql import of_sqlite


def test_no_word_of_an_erased_person_is_left_anywhere(spoken, siti):
    email, name = siti.email, siti.name
    assert SECRET in everything_stored()

    files = erasure.erase(siti, by=siti)
    db.session.commit()
    erasure.remove(files)
    forget_words()

    left = everything_stored()
    for word in (SECRET, email, name):
        assert word not in left
    assert not attached()


def test_what_the_statistics_count_stays(spoken, siti):
    before = (spoken.category, spoken.asked_at, spoken.answered_at, spoken.closed_at)

    erasure.erase(siti, by=siti)
    db.session.commit()

    consultation = db.session.get_one(Consultation, spoken.id)
    assert (
        consultation.category,
        consultation.asked_at,
        consultation.answered_at,
        consultation.closed_at,
    ) == before
    assert consultation.reason is Reason.RESOLVED
    assert db.session.scalar(sa.select(Rating.score)) == 1
    assert siti.institution_kind == "pendidikan"
    assert siti.occupation == "pelajar"


@of_sqlite
def test_the_words_are_gone_from_the_file_of_the_database_too(spoken, siti, app):
    # As a SQLite has it that was not built as Debian's.
    db.session.execute(sa.text("PRAGMA secure_delete = OFF"))
    erasure.erase(siti, by=siti)
    db.session.commit()
    forget_words()
    db.session.remove()
    path = Path(app.config["PST"].data_dir, "pst.sqlite3")
    sqlite3.connect(path).execute("PRAGMA wal_checkpoint(TRUNCATE)")

    content = path.read_bytes()
    assert SECRET.encode() not in content


def test_a_draft_of_an_article_no_longer_tells_who_asked(spoken, siti, budi):
    content = Content(
        title="Pertanyaan Siti Rahayu",
        body=f"{siti.name} ({siti.email}) bertanya tentang penduduk.",
        topic=Topic.DATA,
    )
    article = Article.draft(content, budi, consultation=spoken)
    db.session.commit()

    erasure.erase(siti, by=siti)
    db.session.commit()

    db.session.refresh(article)
    assert "Rahayu" not in article.latest.title + article.latest.body
    assert "contoh.test" not in article.latest.body
    assert "bertanya tentang penduduk" in article.latest.body


def test_an_open_consultation_ends(consultation, siti, budi):
    consultation.claim(budi)

    erasure.erase(siti, by=siti)

    assert consultation.state is State.CLOSED
    assert consultation.reason is Reason.WITHDRAWN


def test_an_erased_person_is_signed_out_and_cannot_come_back(spoken, siti):
    _, token = LogIn.open(siti, "telepon")

    erasure.erase(siti, by=siti)
    db.session.commit()

    assert LogIn.with_token(token) is None
    assert User.with_email("siti@contoh.test") is None
    assert not matches(siti.password_hash, "!")


def test_the_address_is_told_once_and_may_register_again(spoken, siti):
    erasure.erase(siti, by=siti)
    erasure.erase(siti, by=siti)
    db.session.commit()

    mails = db.session.scalars(
        sa.select(OutboxMail).filter_by(to_address="siti@contoh.test")
    ).all()
    assert [mail.kind for mail in mails] == ["erased"]
    User.register("siti@contoh.test", "Siti Rahayu", "x")


def test_others_keep_a_file_that_both_had_sent(spoken, siti, dewi):
    hers = Consultation.ask(dewi, Category.DATA, "Milik Dewi", "Uraian")
    file = storage.store(
        BytesIO(f"%PDF-1.4 {SECRET}".encode()), "sama.pdf", 10_000, {"pdf"}
    )
    kept = attachments.Attachment.keep(
        file, consultation_id=hers.id, uploader=dewi, key="f2"
    )
    hers.say(dewi, "Ini berkasnya", attachments=[kept])

    erasure.remove(erasure.erase(siti, by=siti))

    assert content_of(kept.sha256)
    assert hers.subject == "Milik Dewi"


def test_an_officer_is_not_erased(budi, andi):
    with pytest.raises(WrongState):
        erasure.erase(budi, by=andi)


def test_the_trail_stays_whole(spoken, siti):
    erasure.erase(siti, by=siti)
    db.session.commit()

    assert list(audit.broken_ids()) == []


def test_a_breach_that_concerned_her_alone_does_not_come_to_concern_all(siti, andi):
    texts = {name: "x" for name in ("what", "which_data", "how", "measures", "advice")}
    breach = Breach.open(andi, clock.now(), {**texts, "concerned": siti.email})

    erasure.erase(siti, by=siti)

    assert "siti" not in breach.concerned
    assert breach.people() == []


def test_an_article_that_took_in_a_merged_one_is_masked_too(spoken, siti, budi, rina):
    def article(title: str, **about: object) -> Article:
        words = Content(title=title, body=f"{siti.name} bertanya.", topic=Topic.DATA)
        return Article.draft(words, budi, **about)

    kept, merged = article("Penduduk"), article("Pertanyaan Siti", consultation=spoken)
    kept.consultation = None
    other = Consultation.ask(siti, Category.DATA, "Lain", "Lain")
    kept.consultation = other
    kept.merge(merged, budi)
    last = article("Semua tentang penduduk")
    last.merge(kept, budi)
    last.consultation = None
    db.session.commit()

    erasure.erase_conversation(spoken, by=None)

    assert "Rahayu" not in kept.latest.body
    assert "Rahayu" not in last.latest.body, "however often it was merged"
    assert "siti" not in merged.slug


def test_an_article_that_has_nothing_to_do_with_it_keeps_its_words(spoken, siti, budi):
    def article(title: str) -> Article:
        words = Content(title=title, body=f"{siti.name} bertanya.", topic=Topic.DATA)
        return Article.draft(words, budi)

    kept, merged = article("Waduk"), article("Sungai")
    other = Consultation.ask(siti, Category.DATA, "Lain", "Lain")
    kept.consultation = merged.consultation = other
    kept.merge(merged, budi)
    db.session.commit()

    erasure.erase_conversation(spoken, by=None)

    assert siti.name in kept.latest.body


def test_nothing_is_written_into_a_conversation_that_was_erased(spoken, siti, budi):
    erasure.erase(siti, by=siti)
    db.session.commit()
    about_her = f"Ibu {SECRET} menelepon."

    for write in (
        lambda: spoken.note(budi, about_her),
        lambda: Draft.keep(spoken, budi, about_her, None),
        lambda: spoken.note_silastik(budi, SECRET),
        lambda: spoken.explain_delay(budi, LateReason.OTHER, about_her),
        lambda: spoken.reopen(budi),
    ):
        with pytest.raises(WrongState):
            write()

    db.session.commit()
    forget_words()
    assert SECRET not in everything_stored()
    spoken.explain_delay(budi, LateReason.WORKLOAD)


def test_no_mail_is_written_to_who_was_erased(spoken, siti, budi):
    follow_up = Rating.of(spoken).follow_up
    follow_up.claim(budi)
    erasure.erase(siti, by=siti)
    db.session.commit()

    with pytest.raises(WrongState, match="sudah dihapus"):
        follow_up.write(budi, f"Yth. {SECRET}")
