"""An archive packed again by another hand is refused, and puts nothing down."""

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from pst.admin.backups import archives, backup, database_facts, gathering, restoring
from pst.admin.backups.archives import BackupFailed, hash_text, unpack, verify
from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.models import Consultation
from pst.database import db, transaction
from pst.office import audit
from pst.uploads.file_types import Format
from pst.uploads.storage import StoredFile, keep

Pack = Callable[..., Path]


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """Pack texts after a manifest, which knows them unless it is told otherwise."""

    def packed(texts: dict[str, str], **facts: Any) -> Path:
        files = {name: hash_text(text) for name, text in texts.items()}
        made: dict[str, Any] = {"created_at": "", "version": "1", "revision": "1"}
        made |= {"tables": {}, "files": files, "missing": 0, **facts}
        archive = tmp_path / "pst-forged.tar.gz"
        with tarfile.open(archive, "w:gz") as tar:
            for name, text in {archives.MANIFEST: json.dumps(made), **texts}.items():
                member = tarfile.TarInfo(name)
                member.size = len(text.encode())
                tar.addfile(member, io.BytesIO(text.encode()))
        return archive

    return packed


def test_every_file_is_there_as_its_manifest_says_and_no_other(
    pack: Pack, tmp_path: Path
):
    into = tmp_path / "out"
    texts = {"attachments/ab/x": "satu", "secret_key": "dua"}
    assert unpack(pack(texts), into, None).version == "1"
    assert (into / "attachments/ab/x").read_text() == "satu"

    hashes = {name: hash_text(text) for name, text in texts.items()}
    for files, why in (
        ({**hashes, "secret_key": hash_text("tiga")}, "secret_key is damaged"),
        ({**hashes, "attachments/ab/y": hash_text("")}, "are missing"),
        ({"secret_key": hashes["secret_key"]}, "not in its manifest"),
    ):
        with pytest.raises(BackupFailed, match=why):
            unpack(pack(texts, files=files), into, None)


@pytest.mark.parametrize("name", ["attachments/../../x", "secret_key", "other/x"])
def test_no_attachment_lies_anywhere_else(pack: Pack, tmp_path: Path, name: str):
    with pytest.raises(BackupFailed, match="no name of an attachment"):
        unpack(pack({}, stored={name: f"clear/{'0' * 64}"}), tmp_path / "out", None)


def test_a_database_that_is_not_the_manifests_is_refused(
    app: Flask, consultation: Consultation, tmp_path: Path
):
    config = app.config["PST"]
    made = backup.create(config)
    into = tmp_path / "out"
    into.mkdir()
    manifest = verify(made, into=into)
    files = {name: into / name for name in manifest.files}

    def packed(**changed: Any) -> Path:
        archive = tmp_path / "pst-other.tar.gz"
        archive.unlink(missing_ok=True)
        known = {**vars(manifest), **changed}
        archives.pack(archive, archives.Manifest(**known), {}, files)
        return archive

    with pytest.raises(BackupFailed, match="tables do not hold"):
        verify(packed(tables={**manifest.tables, "consultation": 2}))
    db.session.rollback()
    db.engine.dispose()
    with pytest.raises(BackupFailed, match="newer version"):
        restoring.restore(config, packed(revision="9999"))
    assert db.session.scalar(select(Consultation.number)) == "KS-2026-000001"


def test_what_lies_in_clear_and_changed_is_named_and_not_put_down(
    app: Flask, context: None, tmp_path: Path
):
    (tmp_path / "berkas").write_text("satu")
    sha256, folder = hash_text("satu"), tmp_path / "backups"
    name, reference = f"attachments/{sha256[:2]}/{sha256}", f"clear/{sha256}"
    backup.stored_files.put(folder, tmp_path / "berkas", sha256, None)
    manifest = archives.Manifest("", "1", "1", {}, {}, 0, stored={name: reference})
    assert gathering.gather(manifest, folder, None, tmp_path / "out") == []
    assert (tmp_path / "out" / name).read_text() == "satu"

    backup.stored_files.find(folder, reference).write_text("lain")

    assert gathering.gather(manifest, folder, None, tmp_path / "out") == [name]
    assert not (tmp_path / "out" / name).exists()


def test_a_backup_needs_the_small_pictures_too_and_ends_with_the_trail(
    app: Flask, consultation: Consultation
):
    whole, small = keep(b"%PDF-1.7 satu"), keep(b"kecil")
    with transaction():
        file = StoredFile("satu.pdf", Format.PDF, 13, whole, small)
        Attachment.keep(
            *(file,),
            consultation_id=consultation.id,
            uploader=consultation.user,
            key="a",
        )

    facts = database_facts.facts_of(db.session.connection())

    assert {name.rpartition("/")[2] for name in facts["wanted"]} == {whole, small}
    assert facts["audit_end"] == ":".join(map(str, audit.end_of_chain()))
    assert current_app.config["PST"].secret_key not in str(facts)
