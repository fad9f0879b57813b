"""Articles, as the public reads them and votes on them."""

from functools import cache

import sqlalchemy as sa
from flask import Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import joinedload

from pst.database import db
from pst.extensions import limiter
from pst.knowledge import queries
from pst.knowledge.article.files import ArticleFile
from pst.knowledge.article.markup import kept_html
from pst.knowledge.blueprint import bp
from pst.knowledge.forms import TOPICS, VoteForm
from pst.knowledge.models import Article

# The views of this module are on the same blueprint; importing it adds them.
from pst.knowledge.searches import views as search_views  # noqa: F401
from pst.knowledge.searches.noting import note_click
from pst.knowledge.searches.search_log import ArticleVote, new_key
from pst.uploads.file_store import send
from pst.web.access import Role, everyone, hide, not_found
from pst.web.responses import done, page


def find(slug: str) -> Article:
    """Return one the reader may see, and its published revision."""
    query = _by_slug(getattr(current_user, "role", None))
    article = db.session.scalar(query, {"slug": slug})
    return article or not_found(Article, slug=slug)


@cache  # what each reader asks is made once
def _by_slug(role: Role | None) -> sa.Select[Article]:
    visible = Article.visible_to(role).options(joinedload(Article.published))
    return visible.where(Article.slug == sa.bindparam("slug"))


@bp.get("/artikel/<slug>")
@everyone
def show(slug: str) -> ResponseReturnValue:
    article = find(slug)
    if not article.is_published and article.merged_into is not None:
        return redirect(url_for(".show", slug=article.merged_into.slug), 301)
    if article.is_withdrawn:
        return _withdrawn_page(article)
    if article.published is None:
        abort(404)
    key = request.args.get("suara") or new_key()
    wants_reason = request.args.get("membantu") == "tidak"
    response = page(
        "knowledge/show.html",
        article=article,
        revision=article.published,
        body=kept_html(article.published.body),
        related=queries.related(article),
        topics=dict(TOPICS),
        files=ArticleFile.named_in(article.published.body),
        key=key,
        form=VoteForm(formdata=None, key=key) if wants_reason else None,
        voted="suara" in request.args,
        wants_reason=wants_reason,
    )
    if search := request.args.get("dari"):
        note_click(search, article.id)
    return response


def _withdrawn_page(article: Article) -> Response:
    """Answer 410 and name what replaces the article, or what is nearest to it."""
    hits = queries.suggestions(article.latest.title, 3)
    return page("knowledge/withdrawn.html", status=410, article=article, hits=hits)


@bp.post("/artikel/<slug>/suara")
@everyone
@limiter.limit("30/hour")
def vote(slug: str) -> ResponseReturnValue:
    article = find(slug)
    if not article.is_published:
        abort(404)
    form = VoteForm()
    if not form.validate() or len(form.key.data or "") > 64:
        abort(400)
    is_helpful = form.helpful.data == "ya"
    ArticleVote.leave(
        article, is_helpful, form.key.data or "", form.why, form.comment.data or ""
    )
    asks_why = not is_helpful and form.reason.data is None
    db.session.commit()
    return done(
        url_for(
            ".show",
            slug=slug,
            suara=form.key.data,
            membantu="tidak" if asks_why else None,
            _anchor="membantu",
        )
    )


@bp.get("/artikel/berkas/<token>/<name>")
@everyone
def file(token: str, name: str) -> ResponseReturnValue:
    """Send a file of an article that the reader may see."""
    article_file = db.first_or_404(db.select(ArticleFile).filter_by(token=token))
    if not article_file.is_public and not _is_for_reader(article_file):
        hide()
    response = send(
        article_file.file_name,
        article_file.mimetype,
        etag=token,
        as_attachment=not article_file.is_picture,
        download_name=article_file.name,
    )
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response


def _is_for_reader(article_file: ArticleFile) -> bool:
    """Return whether the reader may have a file that the public may not."""
    if not current_user.is_authenticated:
        return False
    return current_user.is_staff or article_file.is_in_an_answer_to(current_user)
