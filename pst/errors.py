"""What a person reads when something is refused or fails.

Each page says in a sentence what happened and what to do, and carries a reference
number that stands in the log too. What the person wrote stands in no log; only a page
that refuses a step gives it back, so that it is not lost.
"""

import errno
import logging
import secrets
import sqlite3
from dataclasses import dataclass

from flask import (
    Flask,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from pst import held
from pst.database import db
from pst.pages import framed

log = logging.getLogger(__name__)
RETRY_AFTER_S = 5
PASSING = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
NOT_WRITABLE = {
    *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR),
    sqlite3.SQLITE_CANTOPEN,
}
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}


class WrongState(ValueError):
    """A verb that the state of a row does not allow now; its text is shown."""


@dataclass(frozen=True)
class Explanation:
    title: str
    text: str


EXPLANATIONS = {
    400: Explanation(
        "Permintaan tidak dapat dibaca",
        "Isian yang dikirim tidak lengkap atau rusak di jalan. Muat ulang halaman"
        " sebelumnya, lalu coba lagi.",
    ),
    401: Explanation(
        "Silakan masuk",
        "Sesi Anda berakhir. Masuk kembali untuk melanjutkan.",
    ),
    403: Explanation(
        "Halaman ini bukan untuk akun Anda",
        "Anda tidak memiliki akses ke halaman ini. Bila seharusnya punya, hubungi"
        " Admin TI kantor.",
    ),
    404: Explanation(
        "Halaman tidak ditemukan",
        "Alamat ini tidak ada, atau bukan milik akun Anda. Periksa kembali tautannya.",
    ),
    405: Explanation(
        "Tindakan tidak dikenal",
        "Alamat ini tidak menerima tindakan itu. Pakai tombol pada halaman.",
    ),
    409: Explanation(
        "Keadaan sudah berubah",
        "Tindakan itu tidak lagi dapat dilakukan. Muat ulang halaman untuk melihat"
        " keadaan terakhir.",
    ),
    410: Explanation(
        "Tautan sudah tidak berlaku",
        "Tautan ini sudah dipakai atau lewat masa berlakunya. Minta tautan baru.",
    ),
    413: Explanation(
        "Kiriman terlalu besar",
        "Ukuran yang dikirim melebihi batas. Kecilkan berkas atau persingkat tulisan,"
        " lalu kirim lagi.",
    ),
    429: Explanation(
        "Terlalu banyak percobaan",
        "Tunggu sekitar 15 menit, lalu coba lagi.",
    ),
    500: Explanation(
        "Terjadi kendala pada sistem",
        "Coba beberapa saat lagi. Bila berulang, sebutkan nomor rujukan ini kepada"
        " petugas.",
    ),
    503: Explanation(
        "Sistem sedang sibuk",
        "Belum ada yang tersimpan dari kiriman terakhir Anda. Kembali dan coba lagi"
        " sebentar lagi.",
    ),
}


# What somebody reads who sent a form twice that ends the log-in.
SIGNED_OUT = Explanation(
    "Anda sudah keluar",
    "Tidak ada yang sedang masuk di peramban ini.",
)
ERASED = Explanation(
    "Anda sudah keluar",
    "Jika akun Anda sudah dihapus, penghapusannya selesai dan tidak ada lagi yang perlu"
    " Anda lakukan. Jika belum, masuk kembali lalu ulangi.",
)


def init_app(app: Flask) -> None:
    app.register_error_handler(CSRFError, refuse_forged)
    app.register_error_handler(401, ask_to_log_in)
    app.register_error_handler(429, slow_down)
    app.register_error_handler(HTTPException, refuse)
    app.register_error_handler(WrongState, refuse_state)
    app.register_error_handler(OperationalError, say_busy)
    app.register_error_handler(OSError, say_full)
    app.register_error_handler(OverflowError, refuse_number)
    app.register_error_handler(Exception, say_broken)


NOTHING_STORED = Explanation(
    "Belum dapat menyimpan",
    "Server sedang tidak dapat menyimpan apa pun, dan belum ada yang tersimpan dari"
    " kiriman terakhir Anda. Simpan tulisan Anda dan coba lagi nanti. Bila berulang,"
    " sebutkan nomor rujukan ini kepada petugas.",
)


def explain(
    status: int, text: str | None = None, known: Explanation | None = None
) -> Response:
    """Render the page for `status`; to htmx only its sentence."""
    db.session.rollback()
    known = known or EXPLANATIONS.get(status)
    known = known or EXPLANATIONS[500 if status >= 500 else 400]
    said = Explanation(known.title, text or known.text)
    is_htmx, is_framed = getattr(request, "htmx", False), is_in_frame()
    template = "_error.html" if is_htmx else "error.html"
    if is_framed:  # it asks again by itself, as what stood there did
        template = "error_bare.html"
    try:
        body = render_template(
            template,
            error=said,
            status=status,
            is_framed=is_framed,
            reference=reference(),
            ways=ways_on() if status == 409 else [],
            typed=held.from_request(is_proven=True) if status == 409 else None,
        )
    except (
        Exception
    ):  # the database may be what is broken: the page asks it who you are
        log.exception("error page %s without its frame", reference())
        body = render_template(
            "error_bare.html", error=said, status=status, reference=reference()
        )
    response = make_response(body, status)
    if is_framed:
        framed(response)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    if is_htmx:
        response.headers["HX-Retarget"] = "#status"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def is_in_frame() -> bool:
    """Say whether a frame asks: that of a conversation, where no script runs."""
    return request.headers.get("Sec-Fetch-Dest") == "iframe"


def ways_on() -> list[tuple[str, str]]:
    """Tell where a refused step can be gone on from: a title and an address each."""
    given = request.view_args or {}
    number, is_desk = str(given.get("number", "")), request.path.startswith("/petugas")
    if "token" in given:
        return [("Kembali ke halaman tadi", request.path)]
    if not current_user.is_authenticated:
        return []
    if is_desk and number.startswith("TL-"):
        return [
            ("Kembali ke tindak lanjut", url_for("follow_ups.show", number=number)),
            ("Semua tindak lanjut", url_for("follow_ups.index")),
        ]
    if not (is_desk or request.path.startswith("/konsultasi")):
        return []
    side = "desk" if is_desk else "consultations"
    ways = [("Meja kerja" if is_desk else "Konsultasi saya", url_for(f"{side}.index"))]
    if number.startswith("KS-"):
        here = url_for(f"{side}.show", number=number)
        ways.insert(0, ("Kembali ke percakapan", here))
    return ways


def reference() -> str:
    """Tell the number under which this request stands in the log."""
    if "reference" not in g:
        g.reference = secrets.token_hex(4)
    return g.reference


def refuse(error: HTTPException) -> BaseResponse:
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()  # a redirect raised as an exception
    if (error.code or 500) >= 500:
        log.error("%s %s: %s", reference(), request.endpoint, error)
    return explain(error.code or 500)


def slow_down(error: HTTPException) -> BaseResponse:
    """Refuse what comes too often; what was typed is given back to be sent later."""
    if error.response is not None:
        return error.get_response()
    typed = held.from_request()
    if typed is None or not typed.texts or request.htmx:  # type: ignore[attr-defined]
        return explain(429)
    return make_response(render_template("held.html", held=typed, why="often"), 429)


def refuse_state(error: WrongState) -> Response:
    return explain(409, str(error))


def refuse_forged(error: CSRFError) -> Response:
    """Refuse a form without our token; give back the text if the page was ours."""
    if known := _already_out():
        return explain(400, known=known)
    typed = held.from_request()
    if typed is None or request.htmx:  # type: ignore[attr-defined]
        return explain(
            400,
            "Formulir ini sudah terlalu lama terbuka atau bukan dari halaman kami."
            " Tidak ada yang diubah. Muat ulang halaman, lalu coba lagi.",
        )
    return make_response(render_template("held.html", held=typed, why="stale"), 400)


def ask_to_log_in(error: HTTPException) -> BaseResponse:
    if known := _already_out():
        return explain(401, known=known)
    if request.htmx:  # type: ignore[attr-defined]
        return explain(401)
    if is_in_frame():
        return framed(make_response(render_template("consultations/ended.html"), 401))
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("accounts.log_in", next=request.full_path.rstrip("?")))
    typed = held.from_request()
    if typed is None:
        return explain(401)
    return make_response(
        render_template("held.html", held=typed, why="signed_out"), 401
    )


def _already_out() -> Explanation | None:
    """Find what to say of a form that ends the log-in, when nobody is signed in."""
    view = current_app.view_functions.get(request.endpoint or "")
    if not getattr(view, "ends_log_in", False) or current_user.is_authenticated:
        return None
    return ERASED if request.endpoint == "personal.erase" else SIGNED_OUT


def say_busy(error: OperationalError) -> Response:
    log.error("%s %s: %s", reference(), request.endpoint, error.orig)
    kind = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_BUSY) & 0xFF
    if kind in NOT_WRITABLE:
        return explain(503, known=NOTHING_STORED)
    return explain(503 if kind in PASSING else 500)


def say_full(error: OSError) -> Response:
    """Tell that nothing can be stored; any other trouble with a file is a defect."""
    if error.errno not in NO_ROOM:
        return say_broken(error)
    log.error("%s %s: %s", reference(), request.endpoint, error.strerror)
    return explain(503, known=NOTHING_STORED)


def refuse_number(error: OverflowError) -> Response:
    """Find nothing under a number or a date larger than any that is stored."""
    log.warning("%s %s: %s", reference(), request.endpoint, error)
    return explain(404)


def say_broken(error: Exception) -> Response:
    log.exception("%s %s failed", reference(), request.endpoint)
    return explain(500)
