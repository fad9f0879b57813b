"""Erasing goes exactly so far: whose accounts, which words, which mails."""

import pytest
import sqlalchemy as sa

from pst import clock
from pst.accounts.address_change import AddressChange
from pst.accounts.visitors import visit, visits_of
from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.jobs import send_digest
from pst.consultations.models import Consultation
from pst.consultations.states import Category, Channel
from pst.database import db
from pst.feedback.models import Rating
from pst.knowledge.article.content import Content, Topic
from pst.knowledge.models import Article
from pst.outbox.bad_addresses import BadAddress
from pst.outbox.models import OutboxMail
from pst.personal_data import erasure
from pst.reports.figures.themes import CommentTheme, themes
from pst.rules import WrongState
from pst.uploads.storage import name_of
from tests.personal.conftest import SECRET


def test_what_a_person_left_at_the_counter_is_erased_with_the_account(
    siti, dewi, budi, at
):
    hers = visit("kunci-1", "Siti R.", reachable_at="Siti@contoh.test", phone="0812")
    others = visit("kunci-2", "Dewi L.", reachable_at="dewi@contoh.test")
    call = Consultation.record(
        *(budi, hers, Channel.PHONE, Category.DATA, f"{SECRET} gabah", "?"),
        clock.now(),
    )
    db.session.commit()

    erasure.erase(siti, by=siti)

    assert hers.is_erased
    assert call.is_erased
    assert SECRET not in call.subject
    assert (hers.reachable_at, hers.phone) == (None, None)
    assert not others.is_erased


def test_only_who_proved_the_address_takes_the_visits_along(siti):
    visitor = visit("a", "Siti R.", reachable_at="SITI@contoh.test")
    assert visits_of(siti) == [visitor]
    assert visits_of(visitor) == []

    siti.verified_at = None
    assert visits_of(siti) == []


def test_an_erased_account_holds_no_address_and_no_proof_of_one(siti):
    siti.reachable_at, siti.nip = "siti.r@contoh.test", "198001012005012001"
    siti.two_step_at = clock.now()

    erasure.erase(siti, by=siti)

    for name in ("reachable_at", "phone", "nip", "institution", "two_step_at"):
        assert getattr(siti, name) is None
    assert siti.verified_at is None
    assert "contoh.test" not in siti.email


def test_an_erased_address_is_not_kept_as_one_where_no_one_reads(siti):
    BadAddress.mark("siti@contoh.test", "5.1.1")
    BadAddress.mark("dewi@contoh.test", "5.1.1")

    erasure.erase(siti, by=siti)

    assert BadAddress.of("siti@contoh.test") is None
    assert BadAddress.of("dewi@contoh.test") is not None


def test_what_was_published_stays_as_it_was_checked(spoken, siti, budi):
    words = "Siti Rahayu, kepala BPS tahun 1990, menulis tentang penduduk."
    content = Content(title="Penduduk", body=words, topic=Topic.DATA)
    article = Article.draft(content, budi, consultation=spoken)
    article.publish(None)
    article.slug = "kata-siti-rahayu"
    db.session.commit()

    erasure.erase_conversation(spoken, by=None)

    assert article.published is not None
    assert article.published.body == words
    assert article.slug == "kata-siti-rahayu", "readers have its address"


def test_a_digest_that_named_the_request_is_erased_with_it(consultation, siti, at):
    consultation.subject = f"{SECRET} subjek"
    db.session.commit()
    at("2026-03-03 08:00+07:00")
    send_digest()
    digests = sa.select(OutboxMail).filter_by(kind="digest")
    mail = db.session.scalars(digests).first()
    assert consultation.number in mail.body
    assert consultation.number not in mail.subject

    erasure.erase_conversation(consultation, by=None)
    db.session.commit()

    assert db.session.scalars(digests).first() is None


def test_how_a_report_would_have_quoted_a_comment_is_erased(spoken, budi):
    rating = Rating.of(spoken)
    theme = CommentTheme.decide(rating, themes()[0].code, f"{SECRET} kutipan", budi)
    db.session.commit()

    erasure.erase_conversation(spoken, by=None)
    db.session.commit()
    db.session.refresh(theme)

    assert theme.quote == ""


def test_mails_that_name_only_the_follow_up_are_erased_too(spoken, siti, budi, at):
    rating = Rating.of(spoken)
    assert rating is not None and rating.follow_up is not None
    rating.follow_up.warn_of_deadline()
    db.session.commit()
    warnings = sa.select(OutboxMail).filter_by(kind="follow_up_due_soon")
    assert SECRET in db.session.scalars(warnings).first().body

    erasure.erase(siti, by=siti)
    db.session.commit()

    assert db.session.scalars(warnings).first() is None


def test_the_small_picture_of_a_file_goes_with_it(spoken):
    attachment = db.session.scalars(sa.select(Attachment)).one()
    attachment.preview_sha256 = "b" * 64
    db.session.flush()

    files = erasure.take_files(spoken)

    assert set(files) == {name_of(attachment.sha256), name_of("b" * 64)}


def test_an_erasure_repeated_after_a_restoration_neither_waits_nor_tells(siti, andi):
    AddressChange.order(siti, "lain@contoh.test", by=andi, why="Surat nomor 12.")
    with pytest.raises(WrongState, match="baru diganti"):
        erasure.erase(siti, by=siti)

    erasure.erase(siti, by=None, tell=False)

    assert siti.is_erased
    mails = sa.select(OutboxMail.id).filter_by(kind="erased")
    assert db.session.scalar(mails) is None
