"""Search and articles, for the public."""

from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as BaseResponse

from pst.catalogue.queries import suggestions as catalogue_suggestions
from pst.classifications.lookup import Found, candidates_for
from pst.consultations.filing import newcomers
from pst.database import db
from pst.deferred_writes import afterwards
from pst.extensions import limiter
from pst.knowledge import queries
from pst.knowledge.article.content import Topic
from pst.knowledge.files import ArticleFile
from pst.knowledge.forms import TOPICS, VoteForm
from pst.knowledge.markup import kept_html
from pst.knowledge.models import Article
from pst.knowledge.noting import by_visitor, note_click, note_search
from pst.knowledge.previews.sharing import description
from pst.knowledge.search_log import KEY_LENGTH, ArticleVote, Place, SearchLog, new_key
from pst.web.access import Role, everyone, hide, not_found
from pst.web.responses import done, fragment, link, page

bp = Blueprint("knowledge", __name__, url_prefix="")
bp.add_app_template_filter(description)
bp.add_app_template_global(link, "whole_link")

MAX_QUESTION_LENGTH = 500
SUGGESTED = 4
# Suggestions read no more characters of what is being typed.
MAX_TYPED_LENGTH = 200
# More than a person types: a script would keep a process busy, and fill the officers'
# list of searches that found nothing. Counted by user, or by a stranger's network.
MAX_SUGGESTIONS, MAX_SEARCHES = "240/minute", "60/minute"
# The category of the chip that shows nothing but catalogue items.
IN_CATALOGUE = "katalog"
# The names under which forms send what is being typed.
TYPED = ("q", "subjek", "subject")
# The parameters handed on to the form for a new consultation.
PASSED = ("jenis", "subjek", "uraian", "lanjutan")


def find(slug: str) -> Article:
    """Return one the reader may see, and its published revision."""
    query = _by_slug(getattr(current_user, "role", None))
    article = db.session.scalar(query, {"slug": slug})
    return article or not_found(Article, slug=slug)


@cache  # what each reader asks is made once
def _by_slug(role: Role | None) -> sa.Select[Article]:
    visible = Article.visible_to(role).options(joinedload(Article.published))
    return visible.where(Article.slug == sa.bindparam("slug"))


def suggest_nothing(_: object) -> Response:
    """Return an empty list to a script that asks for too many suggestions."""
    return make_response("", 429)


limited_by_searches = limiter.shared_limit(
    MAX_SEARCHES, scope="searches", key_func=by_visitor
)


@bp.get("/cari")
@everyone
@limited_by_searches
def search() -> ResponseReturnValue:
    topic = request.args.get("kategori")
    results = queries.Results(typed(), topic if topic in dict(TOPICS) else None)
    if in_catalogue := topic == IN_CATALOGUE:
        results.show_catalogue_only()
    response = page(
        "knowledge/search.html",
        results=results,
        topics=TOPICS,
        in_catalogue=in_catalogue,
    )
    if results.is_asked and results.topic is None and not in_catalogue:
        note_search(results, Place.PAGE)
    return response


@bp.get("/cari/saran")
@everyone
@limiter.limit(MAX_SUGGESTIONS, key_func=by_visitor, on_breach=suggest_nothing)
def suggest() -> ResponseReturnValue:
    """Show a few titles for what is being typed; this is never logged."""
    words = typed()[:MAX_TYPED_LENGTH]
    return fragment(
        "knowledge/_suggestions.html",
        hits=queries.suggestions(words, SUGGESTED),
        items=catalogue_suggestions(words),
        is_asking="q" not in request.args,
    )


@bp.get("/cari/sebelum-bertanya")
@everyone
@limited_by_searches
def before_asking() -> ResponseReturnValue:
    """Show articles that may already answer, before a consultation is filed."""
    text = request.args.get("uraian", "")
    results = queries.Results(typed(), limit=3, text=text)
    passed = {name: request.args[name] for name in PASSED if name in request.args}
    onward = url_for("consultations.new", **passed)  # type: ignore[arg-type]
    response: BaseResponse = redirect(onward)
    codes = _codes_for(results)
    if results.hits or codes or results.catalogue.count:
        about: dict[str, Any] = {"results": results, "codes": codes}
        if newcomers.is_one():  # the form stands on the same page
            response = newcomers.begin(onward="#permintaan", **about)
        else:
            response = page("knowledge/before_asking.html", onward=onward, **about)
    if results.is_asked:
        note_search(results, Place.ASKING)
    return response


def _codes_for(results: queries.Results) -> list[Found]:
    """Return the codes that may be the answer, where a code is asked for."""
    if request.args.get("jenis") != Topic.CLASSIFICATION:
        return []
    return candidates_for(f"{results.words} {results.text or ''}")


@bp.post("/cari/terjawab")
@everyone
@limiter.limit("60/hour")
def answered() -> ResponseReturnValue:
    """Record that the articles answered, so that no consultation was needed."""
    key = request.form.get("key", "")[:KEY_LENGTH]
    afterwards(lambda: SearchLog.answer(key))
    return done(url_for(".thanks"))


@bp.get("/cari/terima-kasih")
@everyone
def thanks() -> ResponseReturnValue:
    return page("knowledge/thanks.html")


@bp.get("/artikel/<slug>")
@everyone
def show(slug: str) -> ResponseReturnValue:
    article = find(slug)
    if not article.is_published and article.merged_into is not None:
        return redirect(url_for(".show", slug=article.merged_into.slug), 301)
    if article.is_withdrawn:
        return _gone(article)
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
        files=ArticleFile.of(article),
        key=key,
        form=VoteForm(formdata=None, key=key) if wants_reason else None,
        voted="suara" in request.args,
        wants_reason=wants_reason,
    )
    if search := request.args.get("dari"):
        note_click(search, article.id)
    return response


def _gone(article: Article) -> Response:
    """Answer 410 and name what replaces the article, or what is nearest to it."""
    hits = queries.suggestions(article.latest.title, 3)
    response = page("knowledge/withdrawn.html", article=article, hits=hits)
    response.status_code = 410
    return response


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
    is_staff = getattr(current_user, "is_staff", False)
    if not article_file.article.is_published and not is_staff:
        hide()
    if not article_file.path.exists():
        abort(404)
    response = send_file(
        article_file.path,
        mimetype=article_file.mimetype,
        as_attachment=not article_file.is_picture,
        download_name=article_file.name,
    )
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response


def typed() -> str:
    """Return the words typed, under any of the names that forms send them."""
    words = next((request.args[n] for n in TYPED if n in request.args), "")
    return words.strip()[:MAX_QUESTION_LENGTH]
