"""Writing articles, for officers."""

from collections.abc import Callable

from flask import Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.catalogue.queries import CatalogueResults
from pst.consultations.models import Consultation
from pst.consultations.rate_limits import by_person
from pst.database import db
from pst.extensions import limiter
from pst.knowledge import drafting, queries
from pst.knowledge.article.content import Content, Topic
from pst.knowledge.article.markup import preview_html
from pst.knowledge.article.states import ArticleState

# The views in these modules are on the same blueprint; importing them adds them.
from pst.knowledge.editor import (  # noqa: F401  (see the line above)
    article_files,
    code_views,
    gap_views,
    merging,
    synonym_views,
    version_views,
)
from pst.knowledge.editor.blueprint import bp, find, find_consultation
from pst.knowledge.editor.decisions import decide, save_typed, show_article
from pst.knowledge.editor.queries import ArticleList
from pst.knowledge.forms import TOPICS, ArticleForm, ArticleReturnForm
from pst.knowledge.models import Article
from pst.web.access import officers, staff
from pst.web.forms.fields import UNPRESSED
from pst.web.responses import done, fragment, page

# While a person types, a preview is asked for about once a second.
MAX_PREVIEWS = "120/minute"
# The button that shows the text as readers will see it, without scripts.
PREVIEW = "pratinjau"
# How many tables stand next to an answer field.
CHOSEN_ITEMS = 3


@bp.get("")
@staff
def index() -> ResponseReturnValue:
    state = request.args.get("keadaan")
    articles = ArticleList(
        ArticleState(state) if state in list(ArticleState) else None,
        request.args.get("q", "")[:100],
        request.args.get("hal", 1, type=int),
    )
    return page("editor/index.html", articles=articles, topics=dict(TOPICS))


@bp.get("/baru")
@officers
def new() -> ResponseReturnValue:
    """Show a draft: empty, or started from a conversation or from a search."""
    consultation = find_consultation(request.args.get("konsultasi"))
    title = request.args.get("judul", "")[:200]
    content = Content(title=title, body="", topic=Topic.DATA)
    if consultation is not None:
        content = drafting.Material(consultation).content
    form = ArticleForm.of(content, base=0)
    form.consultation.data = consultation.number if consultation else ""
    return _new_page(form, consultation)


@bp.post("")
@officers
def create() -> ResponseReturnValue:
    form = ArticleForm()
    consultation = find_consultation(form.consultation.data)
    is_valid = form.validate()
    if not is_valid or request.form.get("press") == PREVIEW:
        return _new_page(form, consultation), 200 if is_valid else 422
    article = Article.sent_before(form.content, current_user) or Article.draft(
        form.content, current_user, consultation=consultation
    )
    if consultation is not None:
        article.add_origin(consultation)
    id = article.id
    db.session.commit()
    flash("Draf disimpan.")
    return done(url_for(".show", id=id))


def _new_page(form: ArticleForm, consultation: Consultation | None) -> Response:
    material = drafting.Material(consultation) if consultation else None
    similar = queries.suggestions(form.title.data or "") if not material else ()
    return page(
        "editor/new.html",
        form=form,
        material=material,
        similar=material.similar if material else similar,
        preview=preview_html(form.body.data or ""),
    )


@bp.get("/<int:id>")
@staff
def show(id: int) -> ResponseReturnValue:
    article = find(id)
    content = article.latest.content
    consultation = find_consultation(request.args.get("konsultasi"))
    if consultation is not None:  # add what was marked there to the article
        answer = drafting.Material(consultation).answer
        content = drafting.with_more(content, answer)
    form = ArticleForm.of(content, article.number)
    form.consultation.data = consultation.number if consultation else ""
    return show_article(article, form)


@bp.post("/<int:id>")
@officers
def save(id: int) -> ResponseReturnValue:
    then = request.form.get("press")
    if then == "gabung":
        return decide(id, save_typed, "", onward=url_for(".choose_merge", id=id))
    if then in STEPS:
        return STEPS[then](id)
    if then == PREVIEW:
        form = ArticleForm()
        is_valid = form.validate()
        return show_article(find(id), form), 200 if is_valid else 422
    if then != "simpan":
        return show_article(find(id), ArticleForm(), refused=UNPRESSED), 422
    return decide(id, save_typed, "Draf disimpan.", ArticleForm())


@bp.post("/<int:id>/tinjauan")
@officers
def submit(id: int) -> ResponseReturnValue:
    def verb(article: Article, content: Content | None) -> None:
        save_typed(article, content)
        article.submit(current_user)

    return decide(id, verb, "Artikel diajukan untuk ditinjau.")


@bp.post("/<int:id>/pengembalian")
@officers
def send_back(id: int) -> ResponseReturnValue:
    form = ArticleReturnForm()
    if not form.validate():
        article = find(id)
        article_form = ArticleForm() if "body" in request.form else None
        article_form = article_form or ArticleForm.of(
            article.latest.content, article.number
        )
        return show_article(article, article_form, returning=form), 422
    note = form.note.data or ""
    return decide(
        id,
        lambda article, content: article.send_back(current_user, note, content),
        "Artikel dikembalikan kepada penulisnya.",
    )


@bp.post("/<int:id>/penerbitan")
@officers
def publish(id: int) -> ResponseReturnValue:
    confirmed = frozenset(request.form.getlist("confirmed"))
    return decide(
        id,
        lambda article, content: article.publish(current_user, confirmed, content),
        "Artikel terbit dan sudah dapat dicari.",
    )


@bp.post("/<int:id>/arsip")
@officers
def archive(id: int) -> ResponseReturnValue:
    def verb(article: Article, content: Content | None) -> None:
        save_typed(article, content)
        address = request.form.get("replacement", "").strip()
        replacement = Article.at_address(address) if address else None
        article.archive(current_user, replaced_by=replacement)

    return decide(id, verb, "Artikel diarsipkan.")


@bp.post("/<int:id>/pemulihan")
@officers
def restore(id: int) -> ResponseReturnValue:
    def verb(article: Article, content: Content | None) -> None:
        article.restore(current_user)
        save_typed(article, content)

    return decide(id, verb, "Artikel dipulihkan sebagai draf.")


# What else the buttons of the article's form do; text browsers and old engines send
# every button to the address of its form.
STEPS: dict[str, Callable[[int], ResponseReturnValue]] = {
    "tinjauan": submit,
    "pengembalian": send_back,
    "penerbitan": publish,
    "arsip": archive,
    "pemulihan": restore,
    "berkas": article_files.attach,
}


@bp.post("/pratinjau")
@officers
@limiter.limit(MAX_PREVIEWS, key_func=by_person)
def preview() -> ResponseReturnValue:
    """Show the Markdown as readers will see it; nothing is kept."""
    body = request.form.get("body", "")
    return fragment("editor/_preview.html", preview=preview_html(body))


@bp.get("/pilihan")
@officers
def choices() -> ResponseReturnValue:
    """Show what to put into an answer, for the search next to the composer."""
    words = request.args.get("q", "").strip()[:200]
    return fragment(
        "editor/_choices.html",
        hits=queries.choices(words),
        catalogue=CatalogueResults(words, CHOSEN_ITEMS),
        words=words,
    )
