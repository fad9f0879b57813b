"""Migrations build what the models say, and can be taken back to nothing."""

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

from pst import create_app
from pst.database import db
from tests.conftest import settings_for


def test_migrations_build_what_the_models_say(app: Flask):
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, parents: (
                    not (kind == "table" and "_index" in (name or ""))
                ),
            },
        )

        assert compare_metadata(context, db.metadata) == []


def test_migrations_go_down_to_nothing_and_up_again(tmp_path):
    app = create_app(settings_for(tmp_path))
    with app.app_context():
        upgrade()
        downgrade(revision="base")
        left = set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}
        upgrade()
        db.engine.dispose()

    assert not left
