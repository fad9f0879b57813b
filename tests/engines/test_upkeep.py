"""What the night does for the database: its log, its planner, values of wrong types."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from pst.admin.health.integrity import Unsound
from pst.admin.jobs import tend_database
from pst.consultations.models import Consultation
from pst.database import db, file_of, transaction
from tests.postgresql import of_sqlite
from tests.stored import scalar

MB = 1024 * 1024
FILL = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250)
INSERT INTO filler SELECT randomblob(4000) FROM n
"""


def log_of(app: Flask) -> Path:
    return Path(f"{file_of(app.config['PST'].database_url)}-wal")


@of_sqlite
def test_the_log_does_not_grow_with_what_is_written(app: Flask, context: None):
    with transaction():
        db.session.execute(sa.text("CREATE TABLE filler (text BLOB)"))
    for _ in range(60):
        with transaction():
            db.session.execute(sa.text(FILL))

    assert file_of(app.config["PST"].database_url).stat().st_size > 30 * MB
    assert log_of(app).stat().st_size < 8 * MB


@of_sqlite
def test_the_night_shortens_the_log_and_counts_for_the_planner(
    app: Flask, consultation: Consultation
):
    tend_database()

    assert log_of(app).stat().st_size == 0
    known = "SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'consultation'"
    assert scalar(known)


@of_sqlite
def test_the_planner_counts_what_is_alike_everywhere(app: Flask, context: None):
    """By the first thousand alone, a state that all have would look rare."""
    rows = [{"state": "closed"}] * 3_000
    with transaction():
        db.session.execute(sa.text("CREATE TABLE filler (state TEXT)"))
        db.session.execute(sa.text("CREATE INDEX ix_filler ON filler (state)"))
        db.session.execute(sa.text("INSERT INTO filler VALUES (:state)"), rows)

    tend_database()

    assert scalar("SELECT stat FROM sqlite_stat1 WHERE idx = 'ix_filler'") == (
        "3000 3000"
    )


@of_sqlite
@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE consultation SET year = 'dua ribu'",
        "UPDATE consultation SET asked_at = 20260302",
        "UPDATE consultation SET subject = x'00'",
    ],
)
def test_the_night_finds_values_of_another_type(wrong: str, consultation: Consultation):
    with transaction():
        db.session.execute(sa.text(wrong))

    with pytest.raises(Unsound, match="consultation"):
        tend_database()


def test_a_night_with_nothing_wrong_says_nothing(
    consultation: Consultation, at: Callable[[str], None]
):
    tend_database()
