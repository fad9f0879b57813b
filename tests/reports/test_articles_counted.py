"""Articles in the report: those that came out in the period, and those there are."""

import pytest

from pst.database import db
from pst.knowledge.article.content import Content, Topic
from pst.knowledge.models import Article
from pst.reports.figures.knowledge_figures import KnowledgeFigures
from tests.reports.conftest import FEBRUARY, MARCH


@pytest.fixture
def published(budi, rina, at):
    """Publish an article at a moment."""

    def publish(title: str, when: str) -> Article:
        at(when)
        article = Article.draft(Content(title, "Jawaban.", Topic.DATA), budi)
        article.submit(budi)
        article.publish(rina)
        db.session.commit()
        return article

    return publish


def test_an_article_counts_in_the_period_in_which_it_came_out(published, budi):
    published("Apa itu IPM?", "2026-02-28 23:59+07:00")
    published("Apa itu PDRB?", "2026-03-01 00:00+07:00")
    old = published("Apa itu NTP?", "2026-03-02 09:00+07:00")
    Article.draft(Content("Konsep", "Belum selesai.", Topic.DATA), budi)
    old.archive(budi)
    db.session.commit()

    february, march = (KnowledgeFigures(each).facts for each in (FEBRUARY, MARCH))

    assert (february["made"], march["made"]) == (1, 2)
    assert february["published"] == march["published"] == 2


def test_an_article_is_published_also_while_a_newer_version_is_written(published, budi):
    article = published("Apa itu IPM?", "2026-03-01 09:00+07:00")
    article.write(Content("Apa itu IPM?", "Lebih tepat.", Topic.DATA), budi, 1)
    db.session.commit()

    assert KnowledgeFigures(MARCH).facts["published"] == 1
