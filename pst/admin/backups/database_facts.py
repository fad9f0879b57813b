"""What a copy of the database says of itself, and must still say when it comes back."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pst.admin.backups.sealing import BackupFailed
from pst.consultations.attached_files.attachments import Attachment
from pst.database.copies import CannotCopy, copies_of
from pst.knowledge.article.files import ArticleFile
from pst.office.audit import AuditEntry


def copy_database(address: str, target: Path) -> dict[str, Any]:
    """Copy what is committed now, while others write; return what is in the copy."""
    copies = copies_of(address)
    try:
        with copies.copied(address, target) as connection:
            return {**facts_of(connection), "tables": copies.counts(connection)}
    except CannotCopy as error:
        raise BackupFailed(str(error)) from error


def facts_of(connection: sa.Connection) -> dict[str, Any]:
    """Read from a copy of the database what it must still hold when it comes back."""
    version = sa.text("SELECT version_num FROM alembic_version")
    hashes = sa.select(Attachment.sha256, Attachment.preview_sha256)
    names = {
        f"attachments/{sha[:2]}/{sha}"
        for row in connection.execute(hashes)
        for sha in row
        if sha
    }
    tokens = connection.scalars(sa.select(ArticleFile.token))
    return {
        "revision": connection.scalar(version),
        "audit_end": _audit_end(connection),
        "wanted": names | {f"articles/{token}" for token in tokens},
    }


def _audit_end(connection: sa.Connection) -> str:
    newest = sa.select(AuditEntry.id, AuditEntry.hash).order_by(AuditEntry.id.desc())
    last = connection.execute(newest.limit(1)).first()
    return f"{last.id}:{last.hash.hex()}" if last else "0:"
