"""The life of an article, by its verbs."""

from dataclasses import replace

import pytest

from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.states import Category
from pst.database import db
from pst.knowledge.article.content import Content, Topic
from pst.knowledge.article.slugs import slug_of
from pst.knowledge.article.versions import compare
from pst.knowledge.drafting import Material
from pst.knowledge.models import Article
from pst.knowledge.privacy import PersonalDataLeft
from pst.knowledge.searches.gaps import Gaps
from pst.knowledge.searches.search_log import SearchLog, SearchPlace, meaning_of
from pst.rules import Conflict, WrongState


def content(body: str = "Jawaban.") -> Content:
    return Content("Apa itu waduk?", body, Topic.DATA)


def test_two_articles_with_one_title_have_two_addresses(at, budi: User):
    first, second = Article.draft(content(), budi), Article.draft(content(), budi)

    assert (first.slug, second.slug) == ("apa-itu-waduk", "apa-itu-waduk-2")


def test_any_number_of_articles_with_one_long_title_have_addresses(at, budi: User):
    title = "Bagaimana memperoleh data jumlah penduduk menurut kelompok umur " * 3

    slugs = [
        Article.draft(replace(content(), title=title[:190]), budi).slug
        for _ in range(12)
    ]

    assert len(set(slugs)) == 12
    assert max(map(len, slugs)) <= 120


def test_an_address_is_always_made():
    assert slug_of("¿…?") == "artikel"
    assert slug_of("Café & Kota") == "cafe-kota"


def test_saving_the_same_again_makes_no_version(at, budi: User):
    article = Article.draft(content(), budi)

    article.write(content(), budi, 1)

    assert article.number == 1


def test_a_form_that_came_twice_is_one_draft_and_no_more(at, budi, rina):
    article = Article.draft(content(), budi)
    db.session.commit()
    assert Article.sent_before(content(), budi) is article
    assert Article.sent_before(content("Lain."), budi) is None
    assert Article.sent_before(content(), rina) is None

    article.submit(budi)
    assert Article.sent_before(content(), budi) is None, "it is a draft no more"


def test_what_was_started_a_day_ago_is_not_the_same_form(at, budi):
    article = Article.draft(content(), budi)
    db.session.commit()

    at("2026-03-03 08:59:59+07:00")
    assert Article.sent_before(content(), budi) is article
    at("2026-03-03 09:00+07:00")
    assert Article.sent_before(content(), budi) is None


def test_who_comes_late_is_told(at, budi: User, rina: User):
    article = Article.draft(content(), budi)
    article.write(content("Rina."), rina, 1)

    with pytest.raises(Conflict, match="lebih dahulu"):
        article.write(content("Budi."), budi, 1)

    assert article.latest.body == "Rina."


def test_personal_data_holds_an_article_back(at, budi: User, rina: User):
    article = Article.draft(content("Hubungi 081234567890."), budi)
    article.submit(budi)

    with pytest.raises(PersonalDataLeft):
        article.publish(rina)
    article.publish(rina, frozenset(f.key for f in article.findings()))

    assert article.is_published


def test_a_draft_is_not_published_without_review(at, budi: User, rina: User):
    article = Article.draft(content(), budi)

    with pytest.raises(WrongState):
        article.publish(rina)


def test_a_returned_article_says_why(at, budi: User, rina: User):
    article = Article.draft(content(), budi)
    article.submit(budi)

    article.send_back(rina, "Sebutkan tahunnya.")

    assert article.is_draft
    assert article.latest.review_note == "Sebutkan tahunnya."


def test_marked_messages_are_gathered_in_order(
    consultation: Consultation, siti: User, budi: User
):
    consultation.claim(budi)
    messages = [
        consultation.say(budi, "Lihat tabel 3."),
        consultation.say(siti, "Tahun 2024?"),
        consultation.say(budi, "Ya, 2024."),
    ]
    consultation.mark(messages[2], budi, final=True)
    consultation.mark(messages[1], budi, flagged=True)
    db.session.flush()

    material = Material(consultation)

    assert material.answer == "> Tahun 2024?\n\nYa, 2024."
    assert consultation.description in material.content.body
    assert consultation in Gaps().to_write


def test_a_comparison_keeps_what_is_the_same():
    changes = compare("satu dua tiga", "satu empat tiga")

    assert [(c.kind, c.text) for c in changes] == [
        ("same", "satu "),
        ("out", "dua "),
        ("in", "empat "),
        ("same", "tiga"),
    ]


def test_searches_that_mean_the_same_are_one_gap(at, context):
    for key, words in (("a", "jadwal feri"), ("b", "feri jadwalnya"), ("c", "feri!")):
        SearchLog.keep(key, words, 0, SearchPlace.PAGE)
    db.session.flush()

    assert meaning_of("jadwal feri") == meaning_of("Feri: jadwalnya?")
    assert [gap.searches for gap in Gaps().rows] == [2, 1]


def test_what_was_found_unopened_and_then_asked_is_a_gap(
    articles: list[Article], at, siti
):
    subject = "data pengangguran terbuka"
    consultation = Consultation.ask(siti, Category.DATA, subject, "Untuk 2024.")
    db.session.flush()
    assert consultation not in [c for gap in Gaps().rows for c in gap.consultations]

    SearchLog.keep("k", "pengangguran terbuka, data", 3, SearchPlace.ASKING)
    db.session.flush()

    gap = Gaps().rows[0]
    assert gap.unclicked == 1
    assert gap.consultations == [consultation]


def test_a_figure_that_was_shown_and_asked_for_all_the_same_is_a_gap(
    articles: list[Article], at, siti
):
    subject = "data pengangguran terbuka"
    words = "pengangguran terbuka data"
    for key in ("k", "l"):
        SearchLog.keep(key, words, 1, SearchPlace.PAGE, has_figure=True)
    SearchLog.keep("m", words, 1, SearchPlace.PAGE, has_figure=True)
    SearchLog.click("m", articles[0].id)
    SearchLog.keep("n", words, 1, SearchPlace.PAGE, has_figure=True)
    SearchLog.answer("n")
    db.session.flush()
    assert Gaps().rows == [], "a figure is read without opening it"

    at("2026-03-02 09:30+07:00")
    consultation = Consultation.ask(siti, Category.DATA, subject, "Untuk 2024.")
    db.session.flush()
    at("2026-03-02 10:00+07:00")
    SearchLog.keep("o", words, 1, SearchPlace.PAGE, has_figure=True)
    db.session.flush()

    [gap] = Gaps().rows
    assert (gap.figures, gap.unclicked, gap.count) == (2, 0, 3)
    assert gap.consultations == [consultation]
