"""Who may do what with an article, what the public sees of it, and what is noted."""

from datetime import date

import pytest

from pst import clock
from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.states import Category
from pst.database import db
from pst.knowledge.article.content import Content, Topic
from pst.knowledge.article.states import ArticleState
from pst.knowledge.models import Article
from pst.knowledge.privacy import PersonalDataLeft
from pst.office.audit import AuditEntry
from pst.rules import WrongState
from pst.web.access import Role


def content(body: str = "Jawaban.", **more: object) -> Content:
    return Content("Apa itu waduk?", body, Topic.DATA, **more)


@pytest.fixture
def draft(at, budi: User, rina: User) -> Article:
    """Budi's draft; Rina is a colleague."""
    return Article.draft(content(), budi)


@pytest.fixture
def published(draft: Article, budi: User, rina: User) -> Article:
    draft.submit(budi)
    draft.publish(rina)
    db.session.flush()
    return draft


def test_a_new_draft_is_no_ones_but_the_offices(draft, budi, andi):
    assert (draft.state, draft.number, draft.published_number) == (
        ArticleState.DRAFT,
        1,
        None,
    )
    assert draft.created_at == draft.changed_at == clock.now()
    assert draft.latest.author is budi and draft.latest.reviewer is None
    for role in (Role.OFFICER, Role.HEAD):
        assert db.session.scalars(Article.visible_to(role)).all() == [draft]
    for role in (None, Role.USER, Role.ADMIN):
        assert db.session.scalars(Article.visible_to(role)).all() == []


def test_a_colleague_publishes_what_was_submitted(draft, budi, rina, hasan, at):
    assert not draft.can_be_published_by(rina), "it was not submitted"
    draft.submit(budi)
    assert draft.can_be_published_by(rina)
    assert not draft.can_be_published_by(budi), "it is his own"
    assert not draft.can_be_published_by(hasan), "the head is no officer"
    with pytest.raises(WrongState):
        draft.publish(budi)
    at("2026-03-03 09:00+07:00")

    draft.publish(rina)

    assert draft.state is ArticleState.PUBLISHED
    assert (draft.published_number, draft.published_at) == (1, clock.now())
    assert draft.latest.reviewer is rina and draft.published is draft.latest
    assert db.session.scalars(Article.visible_to(None)).all() == [draft]


def test_an_only_officer_publishes_alone(draft, budi, rina, andi):
    draft.submit(budi)
    rina.deactivate(andi)
    db.session.flush()
    assert draft.can_be_published_by(budi)


def test_what_a_reviewer_corrects_is_the_version_that_comes_out(draft, budi, rina):
    draft.submit(budi)
    draft.publish(rina, content=content("Lebih baik."))

    assert (draft.number, draft.published_number) == (2, 2)
    assert draft.published.body == "Lebih baik."
    assert (draft.latest.author, draft.latest.reviewer) == (rina, rina)


def test_personal_data_in_the_reviewers_correction_is_confirmed_too(draft, budi, rina):
    draft.submit(budi)
    correction = content("Tanya ani@contoh.test atau edi@contoh.test.")
    ani, edi = (finding.key for finding in draft.findings(correction))
    for confirmed in ((), (ani,), (edi,)):
        with pytest.raises(PersonalDataLeft):
            draft.publish(rina, frozenset(confirmed), correction)
    assert not draft.is_published

    draft.publish(rina, frozenset((ani, edi)), correction)
    assert draft.published.body == correction.body


def test_the_public_reads_the_old_one_while_a_newer_one_is_written(published, budi):
    published.write(content("Baru."), budi, 1)

    assert published.state is ArticleState.DRAFT and published.is_published
    assert (published.number, published.published.number) == (2, 1)
    assert published.published.body == "Jawaban."
    assert published.latest.body == "Baru."


def test_sent_back_it_is_a_draft_with_a_note(draft, budi, rina):
    with pytest.raises(WrongState, match="tidak sedang ditinjau"):
        draft.send_back(rina, "Belum.")
    draft.submit(budi)
    draft.send_back(rina, "Tambahkan sumber.", content("Sebagian."))

    assert draft.is_draft and draft.number == 2
    assert draft.latest.review_note == "Tambahkan sumber."
    assert draft.latest.body == "Sebagian."


def test_archived_it_is_gone_from_public_and_said_to_be(published, budi):
    other = Article.draft(content(), budi)
    published.archive(budi, replaced_by=other)
    db.session.flush()

    assert published.is_archived and published.is_withdrawn
    assert not published.is_published
    assert published.replaced_by is other and published.merged_into is None
    assert db.session.scalars(Article.visible_to(None)).all() == [published]
    with pytest.raises(WrongState, match="diarsipkan"):
        published.write(content("Lain."), budi, 1)

    published.restore(budi)
    assert published.is_draft and published.replaced_by is None
    assert not published.is_withdrawn


def test_a_draft_that_never_came_out_was_not_withdrawn(draft, budi):
    draft.archive(budi)
    assert draft.is_archived and not draft.is_withdrawn
    assert db.session.scalars(Article.visible_to(None)).all() == []


def test_no_article_takes_its_own_place(published, budi):
    for place in ("merged_into", "replaced_by"):
        with pytest.raises(WrongState, match="dirinya sendiri"):
            published.archive(budi, **{place: published})
    with pytest.raises(WrongState, match="artikel lain"):
        published.merge(published, budi)
    assert published.is_published


def test_merging_takes_over_words_and_where_they_came_from(
    draft, budi, consultation: Consultation
):
    other = Article.draft(
        Content("Apa itu embung?", "Isi.", Topic.DATA, ("air",), ("embung",)),
        budi,
        consultation=consultation,
    )
    draft.merge(other, budi)

    assert draft.latest.body == "Jawaban.\n\nIsi."
    assert draft.latest.tags == ["air"]
    assert draft.latest.synonyms == ["Apa itu embung?", "embung"]
    assert draft.consultation is consultation
    assert other.is_archived and other.merged_into is draft
    seen_by_all = db.session.scalars(Article.visible_to(None)).all()
    assert seen_by_all == [other], "its address leads on"


def test_a_merge_does_not_change_whose_words_are_looked_for(
    budi, siti, consultation: Consultation, at
):
    mine = Article.draft(content(f"{siti.name}?"), budi, consultation=consultation)
    mine.merge(Article.draft(content("Lagi."), budi), budi)
    assert mine.consultation is consultation
    assert [finding.text for finding in mine.findings()][:1] == [siti.name]
    assert mine.findings(content("Tanpa nama.")) == []


def test_the_users_of_all_that_was_merged_are_looked_for(
    budi, siti, dewi, consultation: Consultation, at
):
    hers = Consultation.ask(dewi, Category.DATA, "Embung", "Di mana?")
    mine, two, three = (
        Article.draft(content(f"Jawaban {n}."), budi, consultation=about)
        for n, about in enumerate((consultation, None, hers))
    )
    two.merge(three, budi)
    two.consultation = None
    mine.merge(two, budi)

    text = content(f"Kata {siti.name} kepada {dewi.name}.")
    assert [each.text for each in mine.findings(text)] == [siti.name, dewi.name]
    assert [each.text for each in two.findings(text)] == [dewi.name]


def test_an_article_is_found_at_its_address_while_it_is_public(published, budi):
    for address in ("apa-itu-waduk", " https://pst.test/artikel/apa-itu-waduk/ "):
        assert Article.at_address(address) is published
    with pytest.raises(WrongState):
        Article.at_address("apa-itu")
    published.archive(budi)
    db.session.flush()
    with pytest.raises(WrongState):
        Article.at_address("apa-itu-waduk")


def test_a_day_to_check_it_again_is_over_on_the_day_after(at, budi, rina):
    article = Article.draft(content(review_on=date(2026, 3, 4)), budi)
    at("2026-03-04 23:59+07:00")
    assert not article.latest.is_stale
    at("2026-03-05 00:00+07:00")
    assert article.latest.is_stale
    assert not Article.draft(content(), budi).latest.is_stale


def test_each_move_is_in_the_trail(published, budi, rina):
    entries = AuditEntry.query.filter_by(action="move_article")
    moves = [(e.actor_id, e.detail["before"], e.detail["after"]) for e in entries]
    assert moves == [
        (budi.id, "draft", "review"),
        (rina.id, "review", "published"),
    ]


@pytest.mark.parametrize("step", ["submit", "restore"])
def test_a_step_that_does_not_follow_is_refused(published, budi, step):
    if step == "restore":
        published.archive(budi)
        published.restore(budi)
        published.submit(budi)
    with pytest.raises(WrongState, match="sudah berubah"):
        published.submit(budi)
