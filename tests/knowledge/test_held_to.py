"""What the office holds articles, votes and gaps to: in order, masked, settled once."""

import pytest
import sqlalchemy as sa

from pst import clock
from pst.database import db
from pst.knowledge.article.content import Content, Topic
from pst.knowledge.drafting import Material, marked
from pst.knowledge.models import Article
from pst.knowledge.privacy import FindingKind, findings
from pst.knowledge.searches.gaps import Gaps, settle
from pst.knowledge.searches.search_log import (
    ArticleVote,
    SearchLog,
    SearchPlace,
    VoteReason,
)


def test_the_offices_address_is_its_own_in_any_letters_and_a_short_number_is_found():
    assert not findings("Tulis ke BPS3304@BPS.GO.ID ya")
    assert [each.kind for each in findings("telepon (0286) 59189")] == [
        FindingKind.PHONE
    ]


def test_what_an_officer_marked_stands_in_order_with_the_users_words_quoted(
    consultation, siti, budi
):
    consultation.claim(budi)
    message = consultation.say(siti, "Menurut umur?")
    answers = [consultation.say(budi, text) for text in ("Ya.", "Sisipan.", "Ini.")]
    consultation.mark(message, budi, flagged=True)
    consultation.mark(answers[0], budi, flagged=True)
    consultation.mark(answers[2], budi, final=True)
    db.session.flush()

    material = Material(consultation)

    assert material.answer == "> Menurut umur?\n\nYa.\n\nIni."
    gaps = Gaps()
    assert gaps.to_write == [consultation]
    Article.draft(material.content, budi, consultation=consultation)
    assert Gaps().to_write == [], "it is being written"


def test_the_text_before_a_finding_is_shown_once():
    text = "ani@contoh.co.id dan budi@contoh.co.id"
    pieces = [piece for piece, _ in marked(text, findings(text))]
    assert "".join(pieces) == text


def test_published_again_it_is_of_today_and_found_only_while_it_is_public(
    at, budi, rina
):
    article = Article.draft(Content("Apa itu waduk?", "Air.", Topic.DATA), budi)
    article.submit(budi)
    article.publish(rina)
    at("2026-03-03 09:00+07:00")
    article.write(Content("Apa itu waduk?", "Danau.", Topic.DATA), budi, 1)
    assert article.changed_at == clock.now()
    article.submit(budi)
    article.publish(rina)
    assert article.published_at == clock.now()


def test_a_vote_keeps_its_reason_without_personal_data_and_praise_needs_none(at, budi):
    article = Article.draft(Content("Apa itu waduk?", "Air.", Topic.DATA), budi)
    words = "Hubungi ani@contoh.co.id"
    vote = ArticleVote.leave(article, False, "k", VoteReason.UNCLEAR, words)
    assert vote.comment == "Hubungi •••"
    assert ArticleVote.leave(article, False, "k", VoteReason.OUTDATED) is vote
    assert (vote.reason, vote.comment) == (VoteReason.OUTDATED, "Hubungi •••")
    praise = ArticleVote.leave(article, True, "l", VoteReason.UNCLEAR, "Bagus")
    assert (praise.reason, praise.comment) == (None, "")
    SearchLog.keep("a", "cari ani@contoh.co.id", 0, SearchPlace.PAGE)
    assert db.session.scalar(sa.select(SearchLog.words)) == "cari •••"


@pytest.fixture
def gaps(at, budi) -> Gaps:
    """Embung was looked for twice, and the article about waduk did not help once."""
    article = Article.draft(Content("Apa itu waduk?", "Air.", Topic.DATA), budi)
    for key in ("a", "b"):
        SearchLog.keep(key, "embung", 0, SearchPlace.PAGE)
    SearchLog.keep("c", "bendungan", 0, SearchPlace.PAGE)
    SearchLog.answer("c")
    ArticleVote.leave(article, False, "k", VoteReason.UNCLEAR)
    ArticleVote.leave(article, True, "l")
    db.session.flush()
    return Gaps()


def test_a_gap_is_the_most_wanted_first_until_it_is_settled(gaps, budi):
    assert [(gap.words, gap.searches, gap.votes) for gap in gaps.rows] == [
        ("embung", 2, 0),
        ("Apa itu waduk?", 0, 1),
    ]
    for gap in list(gaps.rows):
        settle(gap.meaning)
        db.session.flush()
        meanings = [each.meaning for each in Gaps().rows]
        assert gap.meaning not in meanings
        db.session.expire_all()
    assert Gaps().rows == []
