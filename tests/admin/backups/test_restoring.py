"""A backup comes back on an empty machine."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
import sqlalchemy as sa
from flask import Flask

from pst import create_app
from pst.accounts.log_ins import LogIn
from pst.accounts.users import User
from pst.admin.backups import archives, backup, notes, restoring
from pst.admin.backups.archives import BackupFailed, verify
from pst.config import Config
from pst.consultations.models import Consultation
from pst.database import db, transaction
from pst.database.copies import copies_of
from pst.office import restored
from pst.office.audit import AuditEntry
from pst.outbox.models import Delivery, OutboxMail
from pst.personal_data import erasure
from tests.conftest import settings_for
from tests.postgresql import Server


def an_empty_machine(folder: Path, postgresql: Server | None) -> Config:
    address = postgresql and {"database_url": postgresql.create()}
    return settings_for(folder / "elsewhere", **address or {})


@pytest.fixture
def elsewhere(
    tmp_path: Path, archive: Path, postgresql: Server | None
) -> Iterator[Flask]:
    """An empty machine that has nothing but the backup."""
    app = create_app(an_empty_machine(tmp_path, postgresql))
    yield app
    with app.app_context():
        db.engine.dispose()


def test_a_backup_comes_back_on_an_empty_machine(
    archive: Path, elsewhere: Flask, config: Config
):
    office, config = config, elsewhere.config["PST"]
    with elsewhere.app_context():
        restoring.restore(config, archive)

        assert db.session.query(Consultation).count() == 1
        last = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()))
        assert last.first().action == "restore"
    (file,) = (p for p in (config.data_dir / "attachments").rglob("*") if p.is_file())
    assert file.read_bytes() == b"%PDF-1.7"
    secret = (config.data_dir / "secret_key").read_text()
    assert secret == office.secret_key, (
        "what was signed and derived with it still holds"
    )
    note = restored.read(config.data_dir)
    (kept,) = notes.proven_archives(archive.parent)
    assert note is not None and note.at == kept.created_at, "not: of today"


def test_a_restore_writes_nothing_next_to_the_backup(
    archive: Path, elsewhere: Flask, monkeypatch: pytest.MonkeyPatch
):
    """It may lie on a disk that is only read."""
    before, during = set(archive.parent.iterdir()), set[Path]()
    unpack = archives.unpack

    def look(*words: object, **more: object) -> archives.Manifest:
        during.update(archive.parent.iterdir())
        return unpack(*words, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(archives, "unpack", look)
    with elsewhere.app_context():
        restoring.restore(elsewhere.config["PST"], archive)
        db.engine.dispose()

    assert during == before


def test_what_a_restore_replaces_is_kept(archive: Path, elsewhere: Flask):
    config = elsewhere.config["PST"]
    with elsewhere.app_context():
        restoring.restore(config, archive)
        db.engine.dispose()
        (config.data_dir / "continuous-copy").mkdir()
        outcome = restoring.restore(config, archive)
        db.engine.dispose()

    assert outcome.replaced and (outcome.replaced / "attachments").is_dir()
    assert (outcome.replaced / "continuous-copy").is_dir(), "the copy begins again"
    assert not (config.data_dir / "continuous-copy").exists()
    with copies_of(config.database_url).connected(
        address_of(outcome.replaced_database, config)
    ) as connection:
        count = sa.select(sa.func.count(Consultation.id))
        assert connection.scalar(count) == 1


def address_of(name: str, config: Config) -> str:
    """Return the address of the database that a restore has set aside."""
    if config.database_url.startswith("sqlite"):
        return f"sqlite:///{name}"
    url = sa.make_url(config.database_url).set(database=name)
    return url.render_as_string(hide_password=False)


def test_who_was_erased_since_does_not_come_back(archive: Path, elsewhere: Flask):
    config = elsewhere.config["PST"]
    with elsewhere.app_context():
        restoring.restore(config, archive)
        with transaction():
            siti = User.with_email("siti@contoh.test")
            assert siti
            erasure.erase(siti, by=siti)
        db.engine.dispose()

        restoring.restore(config, archive)

        assert User.with_email("siti@contoh.test") is None
        assert User.with_email("dewi@contoh.test")
        assert db.session.query(Consultation).one().is_erased
        assert not db.session.query(OutboxMail).filter_by(kind="erased").count()
        db.engine.dispose()


def test_mails_owed_then_wait_for_someone_to_look(
    config: Config, siti: User, tmp_path: Path, postgresql: Server | None
):
    with transaction():
        OutboxMail.put("password_changed", to=siti.mailbox, cause="1")
        OutboxMail.put("password_changed", to=siti.mailbox, cause="0").mark_sent()
        LogIn.open(siti, "telepon")
    archive = backup.create(config)
    app = create_app(an_empty_machine(tmp_path, postgresql))

    with app.app_context():
        outcome = restoring.restore(app.config["PST"], archive)
        states = [letter.state for letter in db.session.query(OutboxMail)]
        log_ins = db.session.query(LogIn).count()
        db.engine.dispose()

    assert outcome.held_mails == 2, "this one, and that the request was received"
    assert sorted(states) == [Delivery.FAILED, Delivery.FAILED, Delivery.SENT]
    assert log_ins == 0, "one that was ended since must not come back"


def test_nothing_is_restored_under_a_running_service(archive: Path, config: Config):
    db.engine.dispose()
    served = sa.create_engine(config.database_url)
    with served.connect() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM consultation")

        with pytest.raises(BackupFailed, match="running"):
            restoring.restore(config, archive)


def test_a_backup_of_a_newer_version_is_refused(archive: Path):
    manifest = replace(verify(archive), revision="9999")

    with pytest.raises(BackupFailed, match="newer version"):
        restoring.refuse_newer(manifest)


def test_an_encrypted_backup_opens_only_with_its_key(config: Config, tmp_path: Path):
    key, other = (pyrage.x25519.Identity.generate() for _ in range(2))
    archive = backup.create(replace(config, backup_recipient=str(key.to_public())))
    right, wrong = tmp_path / "right.txt", tmp_path / "wrong.txt"
    right.write_text(f"# made for a test\n{key}\n")
    wrong.write_text(str(other))

    assert archive.suffix == ".age"
    assert b"pst.sqlite3" not in archive.read_bytes()
    assert verify(archive, right).tables["consultation"] == 1
    with pytest.raises(BackupFailed, match="does not open"):
        verify(archive, wrong)
    with pytest.raises(BackupFailed, match="--identity"):
        verify(archive)
