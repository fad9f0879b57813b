"""How often a person may send requests, messages and files."""

from flask import (
    Response,
    jsonify,
    request,
)
from flask_login import current_user

from pst.extensions import limiter
from pst.web.responses import is_htmx

# No one types so much; a script would fill the queue and the disk.
MAX_REQUESTS, MAX_MESSAGES, MAX_FILES = "20/hour", "40/minute", "30/minute"


def by_person() -> str:
    """Return the key under which the sendings of a user are counted."""
    return f"person:{current_user.get_id()}"


def files_sent() -> int:
    """Count the files of the request, as checking each takes a while."""
    return sum(bool(file.filename) for _, file in request.files.items(multi=True))


def tell_to_wait(_: object) -> Response | None:
    """Answer the script that uploads; a form's page comes from `error_pages`."""
    if not is_htmx():
        return None
    text = "Terlalu banyak berkas dalam waktu singkat. Tunggu satu menit, lalu lagi."
    answer = jsonify(error=text)
    answer.status_code, answer.headers["Retry-After"] = 429, "60"
    return answer


limited_by_files = limiter.shared_limit(
    MAX_FILES,
    scope="files",
    key_func=by_person,
    cost=files_sent,
    exempt_when=lambda: not files_sent(),
    on_breach=tell_to_wait,
)
