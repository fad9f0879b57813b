"""Writing articles, for officers."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.access import find_or_404, officers, staff
from pst.consultations.models import Consultation
from pst.consultations.views import by_person, limited_by_files
from pst.database import db
from pst.errors import WrongState
from pst.extensions import limiter
from pst.fields import UNPRESSED, BaseForm
from pst.knowledge import drafting, queries
from pst.knowledge.files import MOST_BYTES, ArticleFile, BadFile, Checked, checked
from pst.knowledge.forms import (
    TOPICS,
    ArticleForm,
    ReturnForm,
    SynonymForm,
)
from pst.knowledge.gaps import Gaps
from pst.knowledge.gaps import settle as settle_gap
from pst.knowledge.markup import preview_html
from pst.knowledge.models import Article, State
from pst.knowledge.revisions import Content, Overtaken, Revision, Topic
from pst.knowledge.versions import Versions, compare
from pst.pages import done, fragment, page
from pst.search.synonym_groups import SynonymGroup

bp = Blueprint("editor", __name__, url_prefix="/petugas/artikel")

# While a person types, a preview is asked for about once a second.
MOST_PREVIEWS = "120/minute"


def find(id: int) -> Article:
    return find_or_404(Article.visible_to(current_user), id=id)


def find_consultation(number: str | None) -> Consultation | None:
    if not number:
        return None
    return find_or_404(Consultation.visible_to(current_user), number=number)


@bp.get("")
@staff
def index() -> ResponseReturnValue:
    state = request.args.get("keadaan")
    articles = queries.ArticleList(
        State(state) if state in list(State) else None,
        request.args.get("q", "")[:100],
        request.args.get("hal", 1, type=int),
    )
    return page("editor/index.html", articles=articles, topics=dict(TOPICS))


@bp.get("/baru")
@officers
def new() -> ResponseReturnValue:
    """An empty draft, or one begun from a conversation or from what was searched."""
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
    if not form.validate():
        return _new_page(form, consultation), 422
    article = Article.draft(form.content, current_user, consultation=consultation)
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
    if consultation is not None:  # put what was marked there under what stands here
        answer = drafting.Material(consultation).answer
        content = drafting.with_more(content, answer)
    return _show(article, ArticleForm.of(content, article.number))


def _show(article: Article, form: ArticleForm, **more: Any) -> Response:
    """The page of an article, about what stands in its form."""
    content = article.latest.content if form.errors else form.content
    findings = article.findings(content)
    return page(
        "editor/show.html",
        article=article,
        form=form,
        votes=queries.Votes(article),
        findings=findings,
        marked=drafting.marked(content.whole_text, findings),
        confirmed=request.form.getlist("confirmed"),
        returning=more.pop("returning", None) or ReturnForm(formdata=None),
        preview=preview_html(form.body.data or ""),
        topics=dict(TOPICS),
        is_sent="body" in request.form,
        **more,
    )


Verb = Callable[[Article, Content | None], object]


def _decide(
    id: int,
    verb: Verb,
    said: str,
    form: ArticleForm | None = None,
    onward: str | None = None,
) -> ResponseReturnValue:
    """Have `verb` decide about the article together with what was typed; say so.

    Every button of the page sends the whole form, so that nothing on the screen is left
    behind; what is refused comes back as it was typed. Where no form is shown, nothing
    was typed.
    """
    article = find(id)
    if form is None and "body" in request.form:
        form = ArticleForm()
    if form is not None and not form.validate():
        return _show(article, form), 422
    form = form or ArticleForm.of(article.latest.content, article.number)
    try:
        article.require_newest(form.base.data or 0)
        verb(article, _typed(article, form))
    except Overtaken as overtaken:
        return _overtaken(article, form, overtaken.newer), 409
    except WrongState as refused:
        db.session.rollback()
        return _show(find(id), form, refused=str(refused)), 409
    db.session.commit()
    if said:
        flash(said)
    return done(onward or url_for(".show", id=id))


def _typed(article: Article, form: ArticleForm) -> Content | None:
    """What was typed; None when the form says what the article says already."""
    now = ArticleForm.of(article.latest.content, article.number)
    return None if form.content == now.content else form.content


def _write(article: Article, typed: Content | None) -> None:
    if typed is not None:
        article.write(typed, current_user, article.number)


def _overtaken(article: Article, form: ArticleForm, newer: Revision) -> Response:
    """Show what a colleague saved beside what was typed: nothing is lost."""
    read = [each for each in article.revisions if each.number == form.base.data]
    if read and form.content == ArticleForm.of(read[0].content, 0).content:
        form = ArticleForm.of(newer.content, newer.number)
        return _show(article, form, newer=newer)
    form.base.data, form.base.raw_data = newer.number, None
    changes = compare(newer.body, form.body.data or "")
    return _show(article, form, newer=newer, changes=changes)


@bp.post("/<int:id>")
@officers
def save(id: int) -> ResponseReturnValue:
    then = request.form.get("lalu")
    if then == "gabung":
        return _decide(id, _write, "", onward=url_for(".choose_merge", id=id))
    if then != "simpan":
        return _show(find(id), ArticleForm(), refused=UNPRESSED), 422
    return _decide(id, _write, "Draf disimpan.", ArticleForm())


@bp.post("/<int:id>/tinjauan")
@officers
def submit(id: int) -> ResponseReturnValue:
    def verb(article: Article, typed: Content | None) -> None:
        _write(article, typed)
        article.submit(current_user)

    return _decide(id, verb, "Artikel diajukan untuk ditinjau.")


@bp.post("/<int:id>/pengembalian")
@officers
def send_back(id: int) -> ResponseReturnValue:
    form = ReturnForm()
    if not form.validate():
        article = find(id)
        typed = ArticleForm() if "body" in request.form else None
        typed = typed or ArticleForm.of(article.latest.content, article.number)
        return _show(article, typed, returning=form), 422
    note = form.note.data or ""
    return _decide(
        id,
        lambda article, typed: article.send_back(current_user, note, typed),
        "Artikel dikembalikan kepada penulisnya.",
    )


@bp.post("/<int:id>/penerbitan")
@officers
def publish(id: int) -> ResponseReturnValue:
    confirmed = frozenset(request.form.getlist("confirmed"))
    return _decide(
        id,
        lambda article, typed: article.publish(current_user, confirmed, typed),
        "Artikel terbit dan sudah dapat dicari.",
    )


@bp.post("/<int:id>/arsip")
@officers
def archive(id: int) -> ResponseReturnValue:
    def verb(article: Article, typed: Content | None) -> None:
        _write(article, typed)
        article.archive(current_user)

    return _decide(id, verb, "Artikel diarsipkan.")


@bp.post("/<int:id>/pemulihan")
@officers
def restore(id: int) -> ResponseReturnValue:
    def verb(article: Article, typed: Content | None) -> None:
        article.restore(current_user)
        _write(article, typed)

    return _decide(id, verb, "Artikel dipulihkan sebagai draf.")


@bp.get("/<int:id>/penggabungan")
@officers
def choose_merge(id: int) -> ResponseReturnValue:
    """Articles that say nearly the same, to take into this one."""
    article = find(id)
    words = request.args.get("q", "").strip()[:200] or article.latest.title
    hits = [hit for hit in queries.suggestions(words, 8) if hit.source_id != id]
    return page("editor/merge.html", article=article, hits=hits, words=words)


@bp.post("/<int:id>/penggabungan")
@officers
def merge(id: int) -> ResponseReturnValue:
    other = find(request.form.get("artikel", 0, type=int))
    find(id).merge(other, current_user)
    db.session.commit()
    flash("Artikel digabungkan. Periksa isinya, lalu ajukan tinjauan.")
    return done(url_for(".show", id=id))


@bp.get("/<int:id>/versi/<int:number>")
@staff
def version(id: int, number: int) -> ResponseReturnValue:
    """One version, compared with the one before it or with the newest."""
    article = find(id)
    compared = Versions(article, number, request.args.get("dengan", type=int))
    return page("editor/version.html", article=article, versions=compared)


@bp.post("/<int:id>/versi/<int:number>/pemulihan")
@officers
def restore_version(id: int, number: int) -> ResponseReturnValue:
    article = find(id)
    old = Versions(article, number).chosen
    article.write(old.content, current_user, article.number)
    db.session.commit()
    flash(f"Versi {number} dipulihkan sebagai draf baru.")
    return done(url_for(".show", id=id))


@bp.post("/<int:id>/berkas")
@officers
@limited_by_files
def attach(id: int) -> ResponseReturnValue:
    find(id)
    db.session.rollback()  # looking at a file is slow
    file = _checked_file()

    def verb(article: Article, typed: Content | None) -> None:
        if isinstance(file, BadFile):
            raise file
        _write(article, typed)
        ArticleFile.attach(article, file, current_user)

    said = "Berkas ditambahkan. Salin tautannya ke dalam isi artikel."
    return _decide(id, verb, said, onward=url_for(".show", id=id, _anchor="berkas"))


def _checked_file() -> Checked | BadFile:
    sent = request.files.get("file")
    name, content = (
        (sent.filename or "", sent.read(MOST_BYTES + 1)) if sent else ("", b"")
    )
    try:
        return checked(name, content)
    except BadFile as error:
        return error


@bp.post("/pratinjau")
@officers
@limiter.limit(MOST_PREVIEWS, key_func=by_person)
def preview() -> ResponseReturnValue:
    """The Markdown as readers will see it; keeps nothing."""
    body = request.form.get("body", "")
    return fragment("editor/_preview.html", preview=preview_html(body))


@bp.get("/pilihan")
@officers
def choices() -> ResponseReturnValue:
    """Articles to put into an answer, for the search beside the composer."""
    words = request.args.get("q", "").strip()[:200]
    hits = queries.choices(words)
    return fragment("editor/_choices.html", hits=hits, words=words)


@bp.get("/kebutuhan")
@staff
def gaps() -> ResponseReturnValue:
    return page("editor/gaps.html", gaps=Gaps())


@bp.post("/kebutuhan/selesai")
@officers
def settle() -> ResponseReturnValue:
    settle_gap(request.form.get("meaning", ""), current_user)
    db.session.commit()
    flash("Kebutuhan ditandai selesai.")
    return done(url_for(".gaps"))


@bp.get("/sinonim")
@staff
def synonyms() -> ResponseReturnValue:
    return _synonyms(SynonymForm(formdata=None))


@bp.post("/sinonim")
@officers
def add_synonyms() -> ResponseReturnValue:
    form = SynonymForm()
    if not form.validate():
        return _synonyms(form), 422
    group = SynonymGroup(expands=True)
    group.change(form.words, float(form.weight.data), current_user.id)
    db.session.commit()
    flash("Kelompok sinonim ditambahkan.")
    return done(url_for(".synonyms"))


@bp.get("/sinonim/<int:id>")
@officers
def synonym_group(id: int) -> ResponseReturnValue:
    group = db.get_or_404(SynonymGroup, id)
    data = {"terms": group.terms, "weight": f"{group.weight:.1f}"}
    form = SynonymForm(formdata=None, data=data)
    return page("editor/synonym_group.html", group=group, form=form)


@bp.post("/sinonim/<int:id>")
@officers
def change_synonyms(id: int) -> ResponseReturnValue:
    group = db.get_or_404(SynonymGroup, id)
    form = SynonymForm()
    if not form.validate():
        return page("editor/synonym_group.html", group=group, form=form), 422
    group.change(form.words, float(form.weight.data), current_user.id)
    db.session.commit()
    flash("Kelompok sinonim disimpan.")
    return done(url_for(".synonyms"))


@bp.post("/sinonim/<int:id>/penghapusan")
@officers
def drop_synonyms(id: int) -> ResponseReturnValue:
    db.get_or_404(SynonymGroup, id).drop(current_user.id)
    db.session.commit()
    flash("Kelompok sinonim dihapus.")
    return done(url_for(".synonyms"))


def _synonyms(form: BaseForm) -> Response:
    words = request.args.get("q", "").strip()[:100]
    groups = queries.SynonymList(words, request.args.get("hal", 1, type=int))
    return page("editor/synonyms.html", groups=groups, form=form)
