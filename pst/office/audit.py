"""The append-only trail: who did what to what and when, without what was written.

The table has triggers that refuse to change or delete a row. Each row carries a hash
over itself and the hash of the row before, so a change made around the triggers breaks
the chain, and `flask audit verify` says where. With `PST_AUDIT_KEY`, which lies outside
the data and the backups, no one without that key can write a chain that holds: from the
first entry that has a `key_id` on, each must have one. Where the chain ends, and where
its keys begin, is noted in every backup and mailed to the admins monthly.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app, has_request_context, request
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.database import PlainSelect, RowInsert, db
from pst.deferred_writes import afterwards

FIRST = b"\0" * 32
READ = "read"
READ_AGAIN_AFTER = timedelta(days=1)
READ_IN_PIECES_OF = 1000
KEYED = "begin_key"


class AuditEntry(db.Model):
    """One action of a person, or of the clock."""

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    # No foreign key: entries outlive the rows they are about.
    actor_id: Mapped[int | None] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(60), index=True)
    detail: Mapped[dict[str, Any]]
    address: Mapped[str | None] = mapped_column(sa.String(45))
    # None only in rows older than the chain.
    hash: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    # Which key the hash is made with (see `key_id`); None: with none.
    key_id: Mapped[str | None] = mapped_column(sa.String(16))


LAST = PlainSelect(sa.select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1))
STORED = RowInsert(AuditEntry)


def record(
    action: str,
    subject: str,
    actor_id: int | None,
    *,
    address: str | None = None,
    **detail: Any,
) -> None:
    """Note that `actor_id` (None: the clock) did `action` to `subject`.

    `subject` is a kind and an id, as in `consultation:KS-2026-000007`. `detail` holds
    states, ids and counts, never personal data or message text. Written at once:
    a writer is alone (`pst.database`), so no two rows continue from one.
    """
    if address is None and has_request_context():
        address = request.remote_addr
    entry = {
        "at": clock.now(),
        "actor_id": actor_id,
        "action": action,
        "subject": subject,
        "detail": detail,
        "address": address,
    }
    key = next(iter(_keys()), None)
    with db.session.no_autoflush:
        last = LAST.first()
        before = last.hash if last and last.hash else FIRST
        chain = {"hash": seal(before, entry, key), "key_id": key and key_id(key)}
        STORED.row(**entry, **chain)


def begin_key() -> None:
    """Note where the key that is set now begins; nothing when it has begun."""
    keys = _keys()
    newest = sa.select(AuditEntry.key_id).order_by(AuditEntry.id.desc()).limit(1)
    if keys and db.session.scalar(newest) != key_id(keys[0]):
        record(KEYED, f"key:{key_id(keys[0])}", None)


def key_id(key: str) -> str:
    """Name a key without telling it."""
    return hashlib.sha256(f"audit:{key}".encode()).hexdigest()[:16]


def _keys() -> tuple[str, ...]:
    keys: tuple[str, ...] = current_app.config["PST"].audit_keys
    return keys


def record_reading(subject: str, reader_id: int) -> None:
    """Note after the answer that `reader_id` read `subject`; once a day is enough."""
    address = request.remote_addr
    since = clock.now() - READ_AGAIN_AFTER

    def note() -> None:
        entries = sa.select(AuditEntry.id).where(
            AuditEntry.subject == subject,
            AuditEntry.actor_id == reader_id,
            AuditEntry.action == READ,
            AuditEntry.at >= since,
        )
        if db.session.scalar(entries.limit(1)) is None:
            record(READ, subject, reader_id, address=address)

    afterwards(note)


def record_export(what: str, actor_id: int) -> None:
    """Record, after the answer, a download of `what`: the GET itself writes nothing."""
    address = request.remote_addr
    afterwards(lambda: record("export", what, actor_id, address=address))


def seal(before: bytes, entry: dict[str, Any], key: str | None = None) -> bytes:
    """Hash `entry` onto the hash of the entry before it, with `key` if there is one."""
    facts = {**entry, "at": f"{entry['at']:%Y-%m-%dT%H:%M:%S.%f}"}
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    if key is None:
        return hashlib.sha256(before + text.encode()).digest()
    return hmac.digest(key.encode(), before + text.encode(), "sha256")


def broken_ids() -> Iterator[int]:
    """Return the entries at which the chain is broken, oldest first.

    An entry whose key is not set is one of them, and so is one without a key after one
    that has it, or at the end although a key is set. What was cut off at the end leaves
    no trace here: compare the count and the last hash with those noted elsewhere.
    """
    before, has_begun, is_keyed, last_id = FIRST, False, False, 0
    keys = {key_id(key): key for key in _keys()}
    for entry in _all():
        last_id = entry.id
        if entry.hash is None and not has_begun:
            continue  # older than the chain
        has_begun = True
        facts = {
            name: getattr(entry, name)
            for name in ("at", "actor_id", "action", "subject", "detail", "address")
        }
        is_keyed = is_keyed or entry.key_id is not None
        key = keys.get(entry.key_id or "")
        if (is_keyed and key is None) or entry.hash != seal(before, facts, key):
            yield entry.id
        before = entry.hash or FIRST
    if keys and last_id and not is_keyed:
        yield last_id


def end_of_chain() -> tuple[int, str]:
    """Return the id and the hash of the newest entry, for a note elsewhere."""
    newest = sa.select(AuditEntry.id, AuditEntry.hash).order_by(AuditEntry.id.desc())
    row = db.session.execute(newest.limit(1)).first()
    return (row[0], (row[1] or b"").hex()) if row else (0, "")


def beginning_of_keys() -> int:
    """Return the id of the first entry that is sealed with a key; 0 for none."""
    first = sa.select(sa.func.min(AuditEntry.id)).where(AuditEntry.key_id.isnot(None))
    return db.session.scalar(first) or 0


def has_entry(end: str) -> bool:
    """Return whether an end of the chain that was noted earlier is still in it."""
    id, _, hashed = end.partition(":")
    if not id.isdecimal():
        return False
    digest = db.session.scalar(sa.select(AuditEntry.hash).filter_by(id=int(id)))
    return digest is not None and digest.hex() == hashed.strip().lower()


def _all() -> Iterator[sa.Row[Any]]:
    columns = AuditEntry.__table__.c
    last = 0
    while rows := db.session.execute(
        sa.select(columns)
        .where(columns.id > last)
        .order_by(columns.id)
        .limit(READ_IN_PIECES_OF)
    ).all():
        yield from rows
        last = rows[-1].id
