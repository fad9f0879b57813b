"""Search, and what is shown while a person types, for the public."""

from typing import Any

from flask import Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as BaseResponse

from pst.accounts.log_in.throttling import by_visitor
from pst.catalogue.queries import suggestions as catalogue_suggestions
from pst.classifications.lookup import CodeHit, candidates_for
from pst.consultations.filing import newcomers
from pst.deferred_writes import afterwards
from pst.extensions import limiter
from pst.knowledge import queries
from pst.knowledge.article.content import Topic
from pst.knowledge.blueprint import bp
from pst.knowledge.forms import TOPICS
from pst.knowledge.searches.noting import note_search
from pst.knowledge.searches.search_log import KEY_LENGTH, SearchLog, SearchPlace
from pst.web.access import everyone
from pst.web.forms.fields import tidy
from pst.web.responses import done, fragment, page

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
    results = queries.Results(query_words(), topic if topic in dict(TOPICS) else None)
    if in_catalogue := topic == IN_CATALOGUE:
        results.show_catalogue_only()
    response = page(
        "knowledge/search.html",
        results=results,
        topics=TOPICS,
        in_catalogue=in_catalogue,
    )
    if results.is_asked and results.topic is None and not in_catalogue:
        note_search(results, SearchPlace.PAGE)
    return response


@bp.get("/cari/saran")
@everyone
@limiter.limit(MAX_SUGGESTIONS, key_func=by_visitor, on_breach=suggest_nothing)
def suggest() -> ResponseReturnValue:
    """Show a few titles for what is being typed; this is never logged."""
    words = query_words()[:MAX_TYPED_LENGTH]
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
    results = queries.Results(query_words(), limit=3, text=text)
    parameters = {name: request.args[name] for name in PASSED if name in request.args}
    onward = url_for("consultations.new", **parameters)  # type: ignore[arg-type]
    response: BaseResponse = redirect(onward)
    codes = _codes_for(results)
    if results.hits or codes or results.catalogue.count:
        about: dict[str, Any] = {"results": results, "codes": codes}
        if newcomers.is_one():  # the form stands on the same page
            response = newcomers.begin(onward="#permintaan", **about)
        else:
            response = page("knowledge/before_asking.html", onward=onward, **about)
    if results.is_asked:
        note_search(results, SearchPlace.ASKING)
    return response


def _codes_for(results: queries.Results) -> list[CodeHit]:
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


def query_words() -> str:
    """Return the words typed, under any of the names that forms send them."""
    words = next((request.args[n] for n in TYPED if n in request.args), "")
    return (tidy(words, MAX_QUESTION_LENGTH) or "")[:MAX_QUESTION_LENGTH]
