"""The look-up of codes, for everybody."""

from flask import Blueprint, Response, make_response, request
from flask.typing import ResponseReturnValue

from pst.accounts.log_in import throttling
from pst.classifications import queries
from pst.classifications.lookup import Editions, LookUp, candidates_for
from pst.classifications.models import Classification, Code
from pst.database import db
from pst.extensions import limiter
from pst.web.access import everyone
from pst.web.forms.fields import tidy
from pst.web.responses import fragment, page

bp = Blueprint("classifications", __name__, url_prefix="/klasifikasi")

MAX_WORDS_LENGTH = 300
# More than a person types; counted by user, or by a stranger's network.
MAX_LOOK_UPS, MAX_OFFERS = "60/minute", "120/minute"


def offer_nothing(_: object) -> Response:
    """Return an empty list to a script that asks for too many candidates."""
    return make_response("", 429)


@bp.get("")
@everyone
@limiter.limit(MAX_LOOK_UPS, key_func=throttling.by_visitor)
def index() -> ResponseReturnValue:
    editions = Editions(request.args.get("edisi"))
    words = (tidy(request.args.get("q"), MAX_WORDS_LENGTH) or "")[:MAX_WORDS_LENGTH]
    look_up = LookUp(words, editions.current)
    classification = editions.current
    top = (
        queries.children(classification, None)
        if classification and not look_up.is_asked
        else []
    )
    return page(
        "classifications/index.html", editions=editions, look_up=look_up, top=top
    )


@bp.get("/calon")
@everyone
@limiter.limit(MAX_OFFERS, key_func=throttling.by_visitor, on_breach=offer_nothing)
def candidates() -> ResponseReturnValue:
    """Show the codes that an activity may have, while it is described."""
    words = request.args.get("activity", "")
    return fragment("classifications/_candidates.html", found=candidates_for(words))


@bp.get("/<slug>")
@everyone
def edition(slug: str) -> ResponseReturnValue:
    classification = db.first_or_404(db.select(Classification).filter_by(slug=slug))
    editions = Editions(slug)
    top = queries.children(classification, None)
    look_up = LookUp("", classification)
    return page(
        "classifications/index.html", editions=editions, look_up=look_up, top=top
    )


@bp.get("/<slug>/<code>")
@everyone
def show(slug: str, code: str) -> ResponseReturnValue:
    row = db.first_or_404(Code.at(slug, code))
    return page("classifications/show.html", shown=queries.CodePage(row), code=row)
