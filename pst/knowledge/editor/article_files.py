"""Attaching files to an article."""

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.consultations.rate_limits import limited_by_files
from pst.database import db
from pst.knowledge.article.content import Content
from pst.knowledge.article.files import (
    MAX_BYTES,
    ArticleFile,
    BadFile,
    SafeFile,
    check,
)
from pst.knowledge.editor.blueprint import bp, find
from pst.knowledge.editor.decisions import decide, save_typed
from pst.knowledge.editor.file_links import link_to
from pst.knowledge.models import Article
from pst.uploads.formats import StoreAway
from pst.web.access import officers
from pst.web.responses import is_htmx


@bp.post("/<int:id>/berkas")
@officers
@limited_by_files
def attach(id: int) -> ResponseReturnValue:
    find(id)
    db.session.rollback()  # looking at a file is slow
    file = _checked_file(id)
    if is_htmx():
        return _attach_for_script(id, file)

    def verb(article: Article, content: Content | None) -> None:
        if isinstance(file, BadFile):
            raise file
        save_typed(article, content)
        ArticleFile.attach(article, file, current_user)

    message = "Berkas ditambahkan. Salin tautannya ke dalam isi artikel."
    return decide(id, verb, message, onward=url_for(".show", id=id, _anchor="berkas"))


def _attach_for_script(id: int, file: SafeFile | BadFile) -> ResponseReturnValue:
    """Attach one file and answer with the Markdown that the script puts in."""
    if isinstance(file, BadFile):
        return jsonify(error=str(file)), 422
    markdown = link_to(ArticleFile.attach(find(id), file, current_user))
    db.session.commit()
    return jsonify(markdown=markdown), 201


def _checked_file(id: int) -> SafeFile | BadFile:
    """Check the file that was sent and keep it; a row names it later."""
    upload = request.files.get("file")
    name = upload.filename or "" if upload else ""
    content = upload.read(MAX_BYTES + 1) if upload else b""
    try:
        file = check(name, content)
        file.keep(id)
    except BadFile as error:
        return error
    except StoreAway as error:
        return BadFile(str(error))
    return file
