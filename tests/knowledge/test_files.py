"""A file of an article belongs to the texts that name it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bench.inside import statements
from pst import clock
from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.states import Next
from pst.database import db, transaction
from pst.knowledge.article import unused_files
from pst.knowledge.article.content import Content, Topic
from pst.knowledge.article.files import FOLDER, ArticleFile, check
from pst.knowledge.article.unused_files import sweep_article_files
from pst.knowledge.models import Article
from pst.office.audit import AuditEntry
from pst.uploads.file_store import files

SOON = timedelta(seconds=1)
DAYS = unused_files.FORGOTTEN_AFTER


def content(body: str = "Jawaban.") -> Content:
    return Content("Apa itu waduk?", body, Topic.DATA)


def attached(article: Article, by: User, text: str = "isi") -> ArticleFile:
    """Upload a small PDF to the article."""
    file = check("tabel.pdf", f"%PDF-1.7 {text}".encode())
    file.keep(article.id)
    stored_tokens = ArticleFile.attach(article, file, by)
    db.session.commit()
    return stored_tokens


def link_to(file: ArticleFile) -> str:
    return f"[tabel](/artikel/berkas/{file.token}/tabel.pdf)"


def stored_tokens() -> set[str]:
    """Return the tokens of the files in the store, which are those that rows name."""
    names = {file.name.rpartition("/")[2] for file in files().every(FOLDER)}
    assert names == set(db.session.scalars(sa.select(ArticleFile.token)))
    return names


@pytest.fixture
def article(context, at, budi) -> Article:
    at(clock.now() + DAYS * 40)  # after every real file's moment
    return Article.draft(content(), budi)


def test_a_file_is_looked_for_in_its_own_article_alone(article, app, budi, rina):
    file = attached(article, budi)
    article.write(content(link_to(file)), budi, base=1)
    article.submit(budi)
    article.publish(rina)

    with statements(app) as queries:
        assert file.is_public

    looked = [values for text, values in queries if " LIKE " in text]
    assert [article.id in values for values in looked] == [True]


def test_a_file_that_nothing_names_goes_after_its_days(article, budi, at):
    begin, token = clock.now(), attached(article, budi).token

    at(begin + DAYS)
    sweep_article_files()
    assert stored_tokens() == {token}
    at(begin + DAYS + SOON)
    sweep_article_files()
    sweep_article_files()

    assert stored_tokens() == set()
    acts = db.session.scalars(sa.select(AuditEntry).filter_by(action="drop_file"))
    assert [act.subject for act in acts] == [f"article:{article.id}"]


def test_a_file_that_an_earlier_version_names_stays(article, budi, at):
    file, token = attached(article, budi), attached(article, budi, "lain").token
    article.write(content(link_to(file)), budi, 1)
    article.write(content("Tanpa berkas."), budi, 2)
    article.archive(budi)
    db.session.commit()

    at(clock.now() + DAYS + SOON)
    sweep_article_files()

    assert stored_tokens() == {file.token} - {token}


def test_a_file_that_another_article_took_over_stays(article, budi, at):
    file = attached(article, budi)
    Article.draft(content(f"Salinan: {link_to(file)}"), budi)
    db.session.commit()

    at(clock.now() + DAYS + SOON)
    sweep_article_files()

    assert stored_tokens() == {file.token}


def test_a_file_that_an_answer_names_stays(
    article, consultation: Consultation, budi, at
):
    file = attached(article, budi)
    consultation.claim(budi)
    consultation.say(budi, f"Lihat {link_to(file)}", then=Next.DONE)
    db.session.commit()

    at(clock.now() + DAYS + SOON)
    sweep_article_files()

    assert stored_tokens() == {file.token}


def test_a_file_that_was_uploaded_again_waits_again(article, budi, at):
    token = attached(article, budi).token
    at(clock.now() + DAYS)
    attached(article, budi)

    at(clock.now() + SOON)
    sweep_article_files()

    assert stored_tokens() == {token}


@pytest.fixture
def in_between(
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[Callable[[], object]], None]:
    """Let something be written between the first look at all texts and the second."""

    def write_after_first_look(write: Callable[[], object]) -> None:
        look = unused_files._tokens_in_texts

        def and_written(*since: Any) -> set[str]:
            rows = look(*since)
            if not since:
                with transaction():
                    write()
            return rows

        monkeypatch.setattr(unused_files, "_tokens_in_texts", and_written)

    return write_after_first_look


def test_a_version_saved_while_it_sweeps_keeps_its_file(article, budi, at, in_between):
    file, id = attached(article, budi), article.id
    new = content(link_to(file))
    at(clock.now() + DAYS + SOON)

    in_between(lambda: db.session.get_one(Article, id).write(new, budi, 1))
    sweep_article_files()

    assert stored_tokens() == {file.token}


def test_an_answer_sent_while_it_sweeps_keeps_its_file(
    article, consultation: Consultation, budi, at, in_between
):
    file, unnamed = attached(article, budi), attached(article, budi, "lain")
    words, token = link_to(file), unnamed.token
    consultation.claim(budi)
    db.session.commit()
    at(clock.now() + DAYS + SOON)

    in_between(lambda: consultation.say(budi, words, then=Next.DONE))
    sweep_article_files()

    assert stored_tokens() == {file.token} - {token}


def test_a_message_corrected_while_it_sweeps_keeps_its_file(
    article, consultation: Consultation, budi, at, in_between
):
    file = attached(article, budi)
    words = link_to(file)
    consultation.claim(budi)
    message = consultation.say(budi, "Menyusul.", then=Next.OFFICER)
    db.session.commit()
    at(clock.now() + DAYS + SOON)

    in_between(lambda: message.correct(words, 1))
    sweep_article_files()

    assert stored_tokens() == {file.token}


def test_a_file_whose_row_never_came_goes_too(article, budi, at):
    check("tabel.pdf", b"%PDF-1.7 isi").keep(article.id)
    token = attached(article, budi, "lain").token

    at(clock.now() + SOON)
    sweep_article_files()

    assert stored_tokens() == {token}
