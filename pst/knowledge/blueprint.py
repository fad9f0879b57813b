"""What the public views of searches and articles share."""

from flask import Blueprint

from pst.knowledge.previews.sharing import description
from pst.web.responses import link

bp = Blueprint("knowledge", __name__, url_prefix="")
bp.add_app_template_filter(description)
bp.add_app_template_global(link, "whole_link")
