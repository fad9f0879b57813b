"""Every archive finds its own attachments, wherever it comes back."""

import hashlib
import io
import json
import os
import shutil
import tarfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
from flask import Flask, current_app

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
from pst.consultations.models import Consultation
from pst.database import db, file_of
from pst.database.copies import SQLITE
from pst.uploads.file_store import files_of
from tests.admin.stored_files.steps import TEXTS, clear, contents, stored_in
from tests.postgresql import of_sqlite


@pytest.fixture
def identity(config: Config, tmp_path: Path) -> Path:
    return tmp_path / "key.txt"


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
