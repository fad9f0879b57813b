"""Decisions about an article, taken together with what is typed on its page."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.database import db
from pst.knowledge import drafting
from pst.knowledge.article.content import Content
from pst.knowledge.article.files import tokens_in
from pst.knowledge.article.markup import preview_html
from pst.knowledge.article.revisions import Revision
from pst.knowledge.article.versions import compare
from pst.knowledge.editor import queries
from pst.knowledge.editor.blueprint import find, find_consultation
from pst.knowledge.editor.file_links import link_to
from pst.knowledge.forms import TOPICS, ArticleForm, ArticleReturnForm
from pst.knowledge.models import Article
from pst.rules import Conflict, WrongState
from pst.web.responses import done, page


def show_article(article: Article, form: ArticleForm, **more: Any) -> Response:
    """Show the page of an article, about the content of its form."""
    content = article.latest.content if form.errors else form.content
    adding = find_consultation(form.consultation.data)
    findings = article.findings(content, adding)
    return page(
        "editor/show.html",
        article=article,
        form=form,
        votes=queries.Votes(article),
        findings=findings,
        marked=drafting.marked(content.whole_text, findings),
        confirmed=request.form.getlist("confirmed"),
        returning=more.pop("returning", None) or ArticleReturnForm(formdata=None),
        preview=preview_html(form.body.data or ""),
        topics=dict(TOPICS),
        link_to=link_to,
        named=tokens_in(form.body.data or ""),
        is_sent="body" in request.form,
        **more,
    )


Verb = Callable[[Article, Content | None], object]


def decide(
    id: int,
    verb: Verb,
    message: str,
    form: ArticleForm | None = None,
    onward: str | None = None,
) -> ResponseReturnValue:
    """Call `verb` with the article and the content typed, commit, and flash `message`.

    Every button of the page sends the whole form, so that nothing on the screen is
    lost; a refused form comes back as it was typed. Without a form on the page,
    nothing was typed.
    """
    article = find(id)
    if form is None and "body" in request.form:
        form = ArticleForm()
    if form is not None and not form.validate():
        return show_article(article, form), 422
    form = form or ArticleForm.of(article.latest.content, article.number)
    refusal = _refusal(article, form, verb)
    if refusal is not None:
        return refusal, 409
    db.session.commit()
    if message:
        flash(message)
    return done(onward or url_for(".show", id=id))


def _refusal(article: Article, form: ArticleForm, verb: Verb) -> Response | None:
    """Call `verb`; return the page that says why it was refused, if it was."""
    id, content = article.id, _typed_content(article, form)
    if verb is save_typed and content is None:
        return None  # nothing to save, or saved by a try whose answer was lost
    try:
        article.require_newest(form.base.data or 0)
        adding = find_consultation(form.consultation.data)
        if adding is not None and content is not None:
            article.add_origin(adding)
        verb(article, content)
    except Conflict:
        return _show_newer(article, form, article.latest)
    except WrongState as error:
        db.session.rollback()
        return show_article(find(id), form, refused=str(error))
    return None


def _typed_content(article: Article, form: ArticleForm) -> Content | None:
    """Return the content of the form; None when it equals that of the article."""
    current = ArticleForm.of(article.latest.content, article.number)
    return None if form.content == current.content else form.content


def save_typed(article: Article, content: Content | None) -> None:
    """Save the content that was typed along with a decision, if any was."""
    if content is not None:
        article.write(content, current_user, article.number)


def _show_newer(article: Article, form: ArticleForm, newer: Revision) -> Response:
    """Show the revision a colleague saved next to the content typed, to merge them."""
    base = next((r for r in article.revisions if r.number == form.base.data), None)
    if base and form.content == ArticleForm.of(base.content, 0).content:
        form = ArticleForm.of(newer.content, newer.number)
        return show_article(article, form, newer=newer)
    form.base.data, form.base.raw_data = newer.number, None
    changes = compare(newer.body, form.body.data or "")
    return show_article(article, form, newer=newer, changes=changes)
