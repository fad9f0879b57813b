"""Attachments lie once in the folder of the backups; every archive finds its own."""

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from pst import create_app
from pst.admin.backups import (
    archives,
    backup,
    database_facts,
    duties,
    gathering,
    notes,
    restoring,
    stored_files,
)
from pst.admin.backups.archives import BackupFailed
from pst.config import Config
from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.models import Consultation
from pst.database import db, file_of, transaction
from pst.database.copies import SQLITE
from pst.uploads import storage
from pst.uploads.file_store import files, files_of
from pst.uploads.file_types import Format
from pst.uploads.storage import Stored
from tests.conftest import settings_for
from tests.kept_files import attached, lose
from tests.postgresql import TEMPLATE, mark, of_sqlite

At = Callable[[str], None]
TEXTS = (b"%PDF-1.7 satu", b"%PDF-1.7 dua")


def attach(consultation: Consultation, text: bytes) -> None:
    """Keep a file that a row of the consultation speaks of."""
    sha256 = storage.keep(text)
    file = Stored(
        f"{text.decode().split()[-1]}.pdf", Format.PDF, len(text), sha256, None
    )
    with transaction():
        Attachment.keep(
            file,
            consultation_id=consultation.id,
            uploader=consultation.user,
            key=sha256,
        )


@pytest.fixture
def config(app: Flask, consultation: Consultation, tmp_path: Path) -> Config:
    """An office with two attachments, whose backups are encrypted."""
    key = pyrage.x25519.Identity.generate()
    (tmp_path / "key.txt").write_text(str(key))
    config = replace(app.config["PST"], backup_recipient=str(key.to_public()))
    app.config["PST"] = config
    for text in TEXTS:
        attach(consultation, text)
    return config


@pytest.fixture
def identity(config: Config, tmp_path: Path) -> Path:
    return tmp_path / "key.txt"


@pytest.fixture
def elsewhere(tmp_path: Path, config: Config) -> Iterator[Flask]:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    mark(folder, f"postgresql:///{TEMPLATE}")
    app = create_app(settings_for(folder))
    yield app
    with app.app_context():
        db.engine.dispose()


def stored_in(folder: Path) -> list[Path]:
    return [path for _, path in stored_files.every(folder)]


def contents(app: Flask) -> set[bytes]:
    with app.app_context():
        return attached()


def clear(config: Config) -> Config:
    current_app.config["PST"] = replace(config, backup_recipient=None)
    found: Config = current_app.config["PST"]
    return found


def test_a_second_backup_stores_no_attachment_again(config: Config, at: At):
    config = clear(config)
    first = backup.create(config)
    before = {path: path.stat().st_ino for path in stored_in(config.backup_dir)}
    at("2026-03-03 09:00+07:00")

    second = backup.create(config)

    after = {path: path.stat().st_ino for path in stored_in(config.backup_dir)}
    assert after == before
    assert len(after) == 2
    for made in (first, second):
        with tarfile.open(made) as tar:
            assert not [name for name in tar.getnames() if "attachments" in name]
        assert len(archives.verify(made).stored) == 2


def test_what_is_stored_is_not_read_again(
    config: Config, at: At, monkeypatch: pytest.MonkeyPatch
):
    backup.create(config)
    read: list[Path] = []
    hash_of = archives.hash_of
    monkeypatch.setattr(
        backup, "hash_of", lambda path: read.append(path) or hash_of(path)
    )
    at("2026-03-03 09:00+07:00")

    backup.create(config)

    assert not [path for path in read if "attachments" in path.parts]


def test_stored_attachments_open_only_with_the_key(
    config: Config, identity: Path, elsewhere: Flask
):
    archive = backup.create(config)
    for path in stored_in(config.backup_dir):
        assert not any(text in path.read_bytes() for text in TEXTS)
        assert path.stat().st_mode & 0o077 == 0

    with elsewhere.app_context():
        restoring.restore(elsewhere.config["PST"], archive, identity)
        db.engine.dispose()

    assert contents(elsewhere) == set(TEXTS)


def test_another_key_stores_them_again_for_that_key(
    config: Config, tmp_path: Path, elsewhere: Flask, at: At
):
    backup.create(config)
    other = pyrage.x25519.Identity.generate()
    (tmp_path / "other.txt").write_text(str(other))
    at("2026-03-03 09:00+07:00")

    archive = backup.create(replace(config, backup_recipient=str(other.to_public())))

    assert len(stored_in(config.backup_dir)) == 4
    with elsewhere.app_context():
        restoring.restore(elsewhere.config["PST"], archive, tmp_path / "other.txt")
        db.engine.dispose()
    assert contents(elsewhere) == set(TEXTS)


def test_a_wrong_key_is_said_not_taken_for_missing_files(
    config: Config, tmp_path: Path, identity: Path
):
    archive = backup.create(config)
    wrong = tmp_path / "wrong.txt"
    wrong.write_text(str(pyrage.x25519.Identity.generate()))
    manifest = archives.verify(archive, identity)

    with pytest.raises(BackupFailed, match="does not open"):
        gathering.gather(manifest, archive.parent, wrong, tmp_path / "out")


@pytest.mark.parametrize("harm", ["missing", "damaged"])
def test_a_restore_names_the_attachment_that_is_not_whole(
    config: Config,
    identity: Path,
    elsewhere: Flask,
    consultation: Consultation,
    harm: str,
):
    archive = backup.create(config)
    number = consultation.number
    sha256 = hashlib.sha256(TEXTS[0]).hexdigest()
    (path,) = (p for p in stored_in(config.backup_dir) if p.name.startswith(sha256))
    if harm == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    there = elsewhere.config["PST"]

    with elsewhere.app_context():
        with pytest.raises(BackupFailed, match=rf"satu\.pdf \({number}\)"):
            restoring.restore(there, archive, identity)
        assert not file_of(there.database_url).exists(), "nothing was put in place"

        outcome = restoring.restore(there, archive, identity, without_missing=True)
        db.engine.dispose()

    assert [number in line for line in outcome.lost] == [True]
    assert contents(elsewhere) == {TEXTS[1]}


def test_verify_looks_at_every_attachment_too(config: Config, identity: Path):
    archive = backup.create(config)
    run = current_app.test_cli_runner().invoke
    words = ["backup", "verify", str(archive), "--identity", str(identity)]
    assert run(args=words).exit_code == 0

    stored_in(config.backup_dir)[0].unlink()

    said = run(args=words)
    assert said.exit_code == 1
    assert "1 attachments are missing" in said.output


def test_attachments_that_no_archive_names_are_dropped(
    config: Config, consultation: Consultation, at: At
):
    backup.create(config)
    with transaction():
        db.session.query(Attachment).filter_by(name="satu.pdf").delete()
    lose(TEXTS[0])
    at("2026-03-02 21:00+07:00")  # the same day: the schedule keeps the newer one
    backup.create(config)
    assert len(stored_in(config.backup_dir)) == 2

    duties.tidy_backups()

    assert len(notes.archives_in(config.backup_dir)) == 1
    (left,) = stored_in(config.backup_dir)
    assert left.name.startswith(hashlib.sha256(TEXTS[1]).hexdigest())


def test_nothing_is_dropped_while_a_backup_is_made(config: Config):
    backup.create(config)
    stray = config.backup_dir / "files" / "clear" / "ab" / f"ab{'0' * 62}"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"new, and no archive names it yet")

    with stored_files.hold(config.backup_dir):
        duties.tidy_backups()
    assert stray.exists()

    duties.tidy_backups()
    assert not stray.exists()


def test_nothing_is_dropped_when_it_is_not_known_what_is_needed(config: Config):
    archive = backup.create(config)
    stored_files.path_of_list(archive).unlink()

    with pytest.raises(BackupFailed, match=archive.name):
        duties.tidy_backups()

    assert len(stored_in(config.backup_dir)) == 2


def test_the_list_of_an_archive_in_clear_is_written_again(config: Config):
    config = clear(config)
    archive = backup.create(config)
    stored_files.path_of_list(archive).write_bytes(b"torn")
    with pytest.raises(BackupFailed, match="cannot be read"):
        duties.tidy_backups()

    for also in ((), (notes.path_of_note(archive),)):
        for path in (stored_files.path_of_list(archive), *also):
            path.unlink()
        duties.tidy_backups()
        assert len(stored_files.read_list(archive)) == 2
        assert len(stored_in(config.backup_dir)) == 2


def test_a_damaged_attachment_is_set_aside_and_stored_again(config: Config, at: At):
    duties.back_up()
    duties.verify_backups()
    harmed = stored_in(config.backup_dir)[0]
    harmed.write_bytes(b"?" + harmed.read_bytes()[1:])
    at("2026-03-10 09:00+07:00")  # a week later

    with pytest.raises(BackupFailed, match="damaged"):
        duties.verify_backups()
    assert len(stored_in(config.backup_dir)) == 1
    duties.back_up()
    assert len(stored_in(config.backup_dir)) == 2

    harmed.with_name(harmed.name + ".damaged").unlink()
    duties.verify_backups()


def test_each_place_mends_the_other(config: Config, tmp_path: Path, at: At):
    second = tmp_path / "second"
    second.mkdir()
    current_app.config["PST"] = config = replace(config, backup_copy_dir=second)
    duties.back_up()
    duties.copy_backups()
    assert len(stored_in(second)) == 2

    stored_in(second)[0].unlink()
    stored_in(config.backup_dir)[1].unlink()
    with pytest.raises(BackupFailed, match="are missing"):
        duties.verify_backups()
    duties.copy_backups()

    assert len(stored_in(second)) == len(stored_in(config.backup_dir)) == 2
    duties.verify_backups()


def test_a_copy_alone_on_another_disk_comes_back(
    config: Config, identity: Path, tmp_path: Path, elsewhere: Flask
):
    second = tmp_path / "second"
    second.mkdir()
    current_app.config["PST"] = config = replace(config, backup_copy_dir=second)
    duties.back_up()
    duties.copy_backups()
    shutil.rmtree(config.backup_dir)

    with elsewhere.app_context():
        (made,) = notes.archives_in(second)
        restoring.restore(elsewhere.config["PST"], made, identity)
        db.engine.dispose()

    assert contents(elsewhere) == set(TEXTS)


def test_one_file_holds_everything_and_is_made_without_the_key(
    config: Config, identity: Path, tmp_path: Path, elsewhere: Flask
):
    archive = backup.create(config)
    run = current_app.test_cli_runner().invoke
    away = tmp_path / "away"
    away.mkdir()

    assert run(args=["backup", "export", str(archive), str(away)]).exit_code == 0
    assert (
        "there already"
        in run(args=["backup", "export", str(archive), str(away)]).output
    )
    shutil.rmtree(config.backup_dir)

    (whole,) = away.iterdir()
    assert whole.stat().st_mode & 0o077 == 0
    said = run(args=["backup", "verify", str(whole), "--identity", str(identity)])
    assert said.exit_code == 0, said.output
    with elsewhere.app_context():
        restoring.restore(elsewhere.config["PST"], whole, identity)
        db.engine.dispose()
    assert contents(elsewhere) == set(TEXTS)
    assert [path.name for path in away.iterdir()] == [whole.name]


def test_no_incomplete_file_is_exported(config: Config, tmp_path: Path):
    archive = backup.create(config)
    stored_in(config.backup_dir)[0].unlink()

    result = current_app.test_cli_runner().invoke(
        args=["backup", "export", str(archive), str(tmp_path / "x.tar")]
    )

    assert result.exit_code == 1 and "missing" in result.output
    assert not (tmp_path / "x.tar").exists()


@of_sqlite
def test_an_archive_of_the_older_form_comes_back(
    config: Config, elsewhere: Flask, tmp_path: Path
):
    """It holds its attachments; its note and its manifest know of no others."""
    config = clear(config)
    old = config.backup_dir / "pst-20260301T180000Z.tar.gz"
    _pack_as_before(config, old)
    duties.verify_backups()  # it gets its note
    facts = json.loads(notes.path_of_note(old).read_text())
    older = {name: facts[name] for name in facts if not name.startswith("stored")}
    notes.path_of_note(old).write_text(json.dumps(older))
    stored_files.path_of_list(old).unlink(missing_ok=True)

    duties.tidy_backups()
    assert notes.read(old)
    with elsewhere.app_context():
        restoring.restore(elsewhere.config["PST"], old)
        db.engine.dispose()
    assert contents(elsewhere) == set(TEXTS)


def _pack_as_before(config: Config, target: Path) -> None:
    config.backup_dir.mkdir(exist_ok=True)
    snapshot = config.backup_dir / SQLITE.NAME
    with SQLITE.copied(config.database_url, snapshot) as connection:
        facts = database_facts.facts_of(connection)
        tables = SQLITE.counts(connection)
    files = {SQLITE.NAME: snapshot}
    for file in backup.every_file(files_of(config)):
        files[file.name] = config.backup_dir / file.name.replace("/", "-")
        with files_of(config).as_path(file.name) as path:
            shutil.copyfile(path, files[file.name])
    texts = {archives.SECRET: config.secret_key, archives.SETTINGS: ""}
    hashes = {name: archives.hash_of(path) for name, path in files.items()}
    hashes |= {name: archives.hash_text(text) for name, text in texts.items()}
    manifest = archives.Manifest(
        created_at="2026-03-01T18:00:00+00:00",
        version="0.1.0",
        files=hashes,
        missing=len(facts.pop("wanted") - hashes.keys()),
        tables=tables,
        **facts,
    )
    known = {k: v for k, v in vars(manifest).items() if k != "stored"}
    texts = {archives.MANIFEST: json.dumps(known), **texts}
    with tarfile.open(target, "w:gz") as tar:
        for name, text in texts.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))
        for name, path in files.items():
            tar.add(path, name)
    snapshot.unlink()


def test_an_attachment_erased_while_a_backup_is_made_stops_it_not(
    config: Config, monkeypatch: pytest.MonkeyPatch
):
    listed = list(backup.every_file(files()))
    lose(TEXTS[0])
    monkeypatch.setattr(backup, "every_file", lambda store: listed)
    monkeypatch.setattr(backup, "refuse_little_room", lambda config: None)

    archive = backup.create(config)

    kept = notes.read(archive)
    assert kept and (kept.note.missing, kept.note.stored) == (1, 1)


@pytest.mark.parametrize(
    "reference",
    [
        *("../../etc/passwd", f"clear/{'g' * 64}", f"../{'0' * 64}", "clear/ab"),
        *(f"/{'0' * 64}", f"abc/{'0' * 64}"),
    ],
)
def test_a_reference_that_leads_elsewhere_is_refused(reference: str, tmp_path: Path):
    name = "attachments/ab/x"
    manifest = archives.Manifest("", "1", "1", {}, {}, 0, stored={name: reference})

    with pytest.raises(BackupFailed, match="no stored file"):
        gathering.gather(manifest, tmp_path, None, tmp_path / "out")


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "files/../../evil"])
def test_a_whole_file_writes_nothing_elsewhere(tmp_path: Path, name: str):
    bad = tmp_path / "inside" / "pst-bad.whole.tar"
    bad.parent.mkdir()
    with tarfile.open(bad, "w") as tar:
        tar.addfile(tarfile.TarInfo("pst-bad.tar.gz"))
        tar.addfile(tarfile.TarInfo(name))

    with suppress(BackupFailed), gathering.unwrapped(bad):
        pass
    assert not os.path.exists("/etc/evil")
    assert not (tmp_path / "evil").exists()


def test_the_list_of_backups_tells_sizes(config: Config):
    backup.create(config)

    output = current_app.test_cli_runner().invoke(args=["backup", "list"]).output

    assert "2 files" in output


@of_sqlite
def test_a_row_that_is_gone_is_still_described(config: Config, tmp_path: Path):
    copy = tmp_path / "copy.sqlite3"
    with SQLITE.copied(config.database_url, copy) as connection:
        connection.execute(sa.text("DELETE FROM attachment"))
    database = SQLITE.opened(copy, "")

    (said,) = gathering.describe(SQLITE, database, ["attachments/ab/abc"])

    assert said == "no longer used: attachments/ab/abc"
