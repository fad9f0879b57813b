"""The index says what the articles say, after every change, in its transaction.

That of a web server follows what was committed: `test_node_file.py`.
"""

import pytest
import sqlalchemy as sa

from pst.database import db
from pst.knowledge import indexing
from pst.knowledge.article.content import Content, Topic
from pst.knowledge.documents import ARTICLE
from pst.knowledge.models import Article
from pst.search import engine
from pst.search.storage import sources
from pst.search.storage.word_counts import MANY
from tests.postgresql import of_sqlite

pytestmark = of_sqlite


def content(
    title: str = "Berapa luas waduk?", body: str = "Waduk itu luas."
) -> Content:
    return Content(title, body, Topic.DATA, ("waduk",), ("bendungan besar",))


def published(**changed: str) -> Article:
    article = Article.draft(content(**changed), None)
    article.publish(None)
    return article


def slugs_for(words: str) -> list[str]:
    hits = engine.search(db.session.connection(), words, ARTICLE).hits
    return [hit.slug for hit in hits]


def drift() -> engine.Drift:
    return sources.drift_of(indexing.SOURCE)


def words_known() -> int:
    return db.session.scalar(sa.text("SELECT count(*) FROM search_word")) or 0


@pytest.mark.usefixtures("context", "at")
def test_what_is_rolled_back_is_not_found():
    published()
    assert slugs_for("waduk") == ["berapa-luas-waduk"]

    db.session.rollback()

    assert slugs_for("waduk") == []
    assert not drift()


@pytest.mark.usefixtures("context", "at")
def test_a_changed_article_is_found_by_its_new_words_only():
    article = published()
    article.write(content(body="Telaga itu dalam."), None, article.number)
    article.publish(None)

    assert slugs_for("telaga dalam")
    body = db.session.scalar(sa.text("SELECT body FROM search_document"))
    assert body == "Telaga itu dalam."
    assert not drift()


@pytest.mark.usefixtures("context", "at")
def test_an_archived_article_leaves_nothing_behind():
    before = words_known()
    article = published()
    assert words_known() > before

    article.archive(None)

    assert not slugs_for("waduk")
    assert words_known() == before
    assert not db.session.scalar(sa.text("SELECT count(*) FROM search_deletion"))
    assert not drift()


@pytest.mark.usefixtures("context", "at")
def test_only_published_articles_are_in_the_index():
    Article.draft(content(), None)

    assert not slugs_for("waduk")


def test_the_index_counts_what_a_rebuild_counts(articles: list[Article]):
    def counts() -> list[tuple]:
        query = "SELECT kind, form, documents FROM search_word ORDER BY 1, 2"
        state = "SELECT documents, title_length, body_length FROM search_state"
        run = db.session.connection().exec_driver_sql
        return [*map(tuple, run(query)), *map(tuple, run(state))]

    one_by_one = counts()
    engine.rebuild(db.session.connection(), ARTICLE, indexing.published_documents())

    assert counts() == one_by_one
    assert not drift()


def test_drift_is_noticed(articles: list[Article]):
    connection = db.session.connection()
    engine.remove(connection, ARTICLE, articles[0].id)
    db.session.execute(
        sa.text("UPDATE revision SET body = 'lain' WHERE article_id = :id"),
        {"id": articles[1].id},
    )

    noticed = drift()

    assert noticed.missing == (articles[0].id,)
    assert noticed.stale == (articles[1].id,)


def test_the_threshold_for_mending_is_a_number_of_articles():
    assert MANY == 20_000


def test_reindexing_repairs_every_fault(articles: list[Article]):
    connection = db.session.connection()
    engine.remove(connection, ARTICLE, articles[0].id)
    db.session.execute(
        sa.text("UPDATE revision SET body = 'lain' WHERE article_id = 2")
    )
    db.session.execute(sa.text("UPDATE search_state SET documents = 7"))
    db.session.execute(
        sa.text("UPDATE article SET published_number = NULL WHERE id = 3")
    )
    db.session.commit()
    assert drift().surplus == (3,)
    db.session.rollback()

    assert sources.reindex() == len(articles) - 1

    assert not drift()


def test_an_index_that_a_migration_emptied_is_filled(articles: list[Article]):
    connection = db.session.connection()
    engine.rebuild(connection, ARTICLE, [])
    connection.exec_driver_sql("UPDATE search_state SET version = 'empty'")
    db.session.commit()

    sources.fill_empty()

    assert not drift()
    assert slugs_for("pengangguran terbuka")
