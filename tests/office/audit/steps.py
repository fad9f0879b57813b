"""How someone tampers with the trail, and writes it with a key."""

from dataclasses import replace

import sqlalchemy as sa
from flask import current_app

from pst.database import db
from tests.stored import without_triggers

KEY, OTHER = "k" * 40, "o" * 40


def tamper(statement: str) -> None:
    """Change the trail as someone with the database file could."""
    without_triggers("audit_entry")
    db.session.execute(sa.text(statement))
    db.session.commit()


def use(*keys: str) -> None:
    current_app.config["PST"] = replace(current_app.config["PST"], audit_keys=keys)
