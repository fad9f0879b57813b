"""Where people go on from a refused step: back to the conversation, or to the list."""

from typing import Any

from flask import request, url_for

from pst.web.access import Role
from pst.web.registered_pages import Ways, offers_ways, register_home, register_page

register_page("own_requests", "consultations.index")
register_page("kept_request", "unfiled.index")
register_home(Role.USER, lambda: "consultations.index")
register_home(Role.OFFICER, lambda: "desk.index")


@offers_ways
def ways_from_conversation(view_args: dict[str, Any]) -> Ways | None:
    is_desk = request.path.startswith("/petugas")
    if not (is_desk or request.path.startswith("/konsultasi")):
        return None
    side = "desk" if is_desk else "consultations"
    ways = [("Meja kerja" if is_desk else "Konsultasi saya", url_for(f"{side}.index"))]
    # A button of the worklist has the number in its form, not in its address.
    number = str(view_args.get("number") or request.form.get("take_over", ""))
    if number.startswith("KS-"):
        here = url_for(f"{side}.show", number=number)
        ways.insert(0, ("Kembali ke percakapan", here))
    return ways
