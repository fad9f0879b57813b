"""The public pages."""

from flask import Blueprint
from werkzeug.wrappers import Response as BaseResponse

from pst.catalogue.front_page import indicators
from pst.consultations.queries import queue_today
from pst.knowledge.front_page import questions
from pst.office import settings
from pst.office.opening import opening
from pst.web.access import everyone
from pst.web.registered_pages import register_page
from pst.web.responses import page

bp = Blueprint("public_pages", __name__)
register_page("home", "public_pages.home")


@bp.get("/")
@everyone
def home() -> BaseResponse:
    return page(
        "public_pages/home.html",
        queue=queue_today(),
        opening=opening(),
        questions=questions(),
        indicators=indicators(),
    )


@bp.get("/standar-pelayanan")
@everyone
def standard() -> BaseResponse:
    return page("public_pages/standard.html", week=settings.current().week)


@bp.get("/pengaduan")
@everyone
def complaints() -> BaseResponse:
    return page("public_pages/complaints.html")


@bp.get("/privasi")
@everyone
def privacy() -> BaseResponse:
    return page("public_pages/privacy.html")


@bp.get("/aksesibilitas")
@everyone
def accessibility() -> BaseResponse:
    """Show which browsers and aids work, known limits, and how to report others."""
    return page("public_pages/accessibility.html")
