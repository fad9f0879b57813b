"""Migrations build what the models say, and can be taken back to nothing."""

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

from pst import create_app
from pst.database import db
from pst.search.index import OWN_TABLES
from tests.conftest import settings_for


def test_migrations_build_what_the_models_say(app: Flask):
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, parents: (
                    not (
                        kind == "table"
                        and ("_index" in (name or "") or name in OWN_TABLES)
                    )
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


def test_visitors_who_left_no_address_are_owed_no_mail(tmp_path):
    app = create_app(settings_for(tmp_path))
    with app.app_context():
        upgrade(revision="0009")
        with db.engine.begin() as connection:
            for id, address in ((1, ""), (2, "tamu@contoh.test"), (3, None)):
                connection.execute(VISITOR, {"id": id, "address": address})
                to = address or f"{id}@pengunjung.invalid"
                connection.execute(OWED, {"id": id, "to": to})
        upgrade()
        with db.engine.connect() as connection:
            addresses = connection.execute(
                sa.text("SELECT reachable_at FROM user ORDER BY id")
            ).scalars()
            owed = connection.execute(sa.text("SELECT to_address FROM outbox_mail"))
            assert list(addresses) == [None, "tamu@contoh.test", None]
            assert list(owed.scalars()) == ["tamu@contoh.test"]
        db.engine.dispose()


def test_a_shared_text_is_its_first_writers_again(tmp_path):
    app = create_app(settings_for(tmp_path))
    with app.app_context():
        upgrade(revision="0011")
        with db.engine.begin() as connection:
            for id in (1, 2):
                connection.execute(VISITOR, {"id": id, "address": None})
            for id, owner, changer in ((1, None, 2), (2, 1, 1), (3, None, 2)):
                row = {"id": id, "owner": owner, "changer": changer}
                connection.execute(CANNED, row)
            connection.execute(WRITTEN)
        upgrade()
        with db.engine.connect() as connection:
            makers = sa.text("SELECT made_by_id FROM canned_answer ORDER BY id")
            assert list(connection.execute(makers).scalars()) == [1, 1, 2]
        db.engine.dispose()


CANNED = sa.text(
    "INSERT INTO canned_answer (id, title, body, owner_id, changed_at, changed_by_id)"
    " VALUES (:id, 't', 'b', :owner, '2026-03-02 02:00:00.000000', :changer)"
)
WRITTEN = sa.text(
    "INSERT INTO audit_entry (at, actor_id, action, subject, detail)"
    " VALUES ('2026-03-02 02:00:00.000000', 1, 'write_canned', 'canned:1', '{}')"
)
VISITOR = sa.text(
    "INSERT INTO user (id, email, name, password_hash, role, is_visitor, reachable_at,"
    " wants_notices, active, created_at) VALUES (:id, :id || '@pengunjung.invalid',"
    " 'Pengunjung', '!', 'user', 1, :address, 0, 0, '2026-03-02 02:00:00.000000')"
)
OWED = sa.text(
    "INSERT INTO outbox_mail (id, kind, cause, to_name, to_address, subject, body,"
    " message_id, state, attempts, created_at, due_at, give_up_at)"
    " VALUES (:id, 'closed_resolved', 'c' || :id, 'Pengunjung', :to, 's', 'b', :id,"
    " 'owed', 0, '2026-03-02 02:00:00.000000', '2026-03-02 02:00:00.000000',"
    " '2026-03-05 02:00:00.000000')"
)
