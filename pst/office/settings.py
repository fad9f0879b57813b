"""The settings that this office has changed, and the history of the changes.

They are loaded from a file (`flask prepare --office`) or typed by an admin; see
`office_settings.py` and `technical_settings.py` for every setting and its default.
"""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask import g
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.database import PlainSelect, db
from pst.office import audit
from pst.office.setting_checks import KNOWN, BadValue, check
from pst.office.setting_values import Settings


class OfficeSetting(db.Model):
    """One setting that was changed; a setting without a row has its default."""

    key: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    value: Mapped[str] = mapped_column(sa.Text)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))


class SettingChange(db.Model):
    """One change of one setting: the values before and after, and its author."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(60), index=True)
    before: Mapped[str] = mapped_column(sa.Text)
    after: Mapped[str] = mapped_column(sa.Text)
    changed_at: Mapped[datetime]
    # No foreign key: the history outlives the accounts it names.
    changed_by_id: Mapped[int | None]


_CHANGED = PlainSelect(
    sa.select(OfficeSetting.key, OfficeSetting.value).order_by(OfficeSetting.key)
)


def current() -> Settings:
    """Return the settings, read once a request or job."""
    settings: Settings | None = g.get("settings")  # some eighty calls a page
    if settings is None:
        settings = g.settings = _of(tuple(map(tuple, _CHANGED.rows())))
    return settings


@lru_cache(maxsize=4)
def _of(rows: tuple[tuple[str, str], ...]) -> Settings:
    return Settings(**{key: json.loads(value) for key, value in rows if key in KNOWN})


def change(values: dict[str, Any], by_id: int | None = None) -> list[str]:
    """Store `values`; return the keys that changed.

    Raise `BadValue` for an unknown key or a value out of range, and store nothing.
    """
    before = current()
    for key, value in values.items():
        check(key, value)
    together = {
        "warn_after_days": before.warn_after_days,
        "close_after_days": before.close_after_days,
        **values,
    }
    if together["warn_after_days"] >= together["close_after_days"]:
        raise BadValue("warn_after_days", "Peringatan harus sebelum penutupan.")
    keys = [key for key, value in values.items() if getattr(before, key) != value]
    for key in keys:
        _store(key, getattr(before, key), values[key], by_id)
    if keys:
        audit.record("change_settings", "office", by_id, keys=sorted(keys))
    db.session.flush()
    g.pop("settings", None)
    return keys


def _store(key: str, before: Any, after: Any, by_id: int | None) -> None:
    row = db.session.get(OfficeSetting, key) or OfficeSetting(key=key)
    row.value = json.dumps(after, ensure_ascii=False)
    row.changed_at, row.changed_by_id = clock.now(), by_id
    history = SettingChange(
        key=key,
        before=json.dumps(before, ensure_ascii=False),
        after=row.value,
        changed_at=row.changed_at,
        changed_by_id=by_id,
    )
    db.session.add_all([row, history])
