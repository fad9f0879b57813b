"""What the continuous copy brings back, and what it leaves to a choice."""

import hashlib
import re
import shutil
from pathlib import Path

import pyrage
import pytest

from pst.admin.backups.archives import BackupFailed
from pst.admin.continuous_copy import restoring
from pst.admin.continuous_copy.sending import Sender
from pst.config import Config
from pst.database import db, file_of
from tests.faults.copy_places.steps import TEXT, _subject, bring_back, copy_now, write


@pytest.mark.parametrize("place", ["file"], indirect=True)
def test_data_put_back_from_a_backup_begin_a_chain_of_their_own(
    sender: Sender, config: Config, elsewhere, identity: Path
):
    copy_now(sender)
    sender.litestream.stop()
    shutil.rmtree(sender.folder)  # as a restored backup leaves it

    again = Sender(config)
    try:
        write(config, "baru")
        copy_now(again)
    finally:
        again.litestream.stop()

    assert again.litestream.generation > sender.litestream.generation
    assert bring_back(elsewhere(), identity) == "baru"


@pytest.mark.parametrize("place", ["file"], indirect=True)
def test_who_restores_chooses_between_the_data_and_an_office_begun_after_them(
    sender: Sender, config: Config, elsewhere, identity: Path
):
    write(config, "sebelum disk hilang")
    copy_now(sender)
    sender.litestream.stop()
    shutil.rmtree(sender.folder)
    write(config, "kosong")
    again = Sender(config)
    try:
        copy_now(again)
    finally:
        again.litestream.stop()
    app = elsewhere()
    command = ["copy", "restore", "--identity", str(identity)]
    runner = app.test_cli_runner()

    refused = runner.invoke(args=command)
    assert refused.exit_code == 1 and "begun 2 times" in refused.output
    ends = re.findall(r"--at (\S+)", refused.output)
    with app.app_context():
        assert runner.invoke(args=[*command, "--at", ends[0]]).exit_code == 0
        db.engine.dispose()

    assert _subject(app.config["PST"]).strip() == "sebelum disk hilang"


@pytest.mark.parametrize("place", ["file"], indirect=True)
@pytest.mark.parametrize("harm", ["missing", "damaged"])
def test_an_attachment_that_the_copy_lacks_is_named(
    sender: Sender, elsewhere, identity: Path, tmp_path: Path, harm: str
):
    copy_now(sender)
    name = hashlib.sha256(TEXT).hexdigest()
    (path,) = (tmp_path / "place").rglob(f"{name}.age")
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    if harm == "missing":
        path.unlink()
    app = elsewhere()
    config = app.config["PST"]

    with app.app_context():
        with pytest.raises(BackupFailed, match=r"dagang\.pdf \(KS-"):
            restoring.restore(config, identity)
        assert not file_of(config.database_url).exists()
        outcome = restoring.restore(config, identity, without_missing=True)
        db.engine.dispose()

    assert re.match(r"dagang\.pdf", outcome.lost[0])


@pytest.mark.parametrize("place", ["file"], indirect=True)
def test_what_was_taken_from_the_copy_is_sent_again(
    sender: Sender, config: Config, elsewhere, identity: Path, tmp_path: Path
):
    copy_now(sender)
    folder = tmp_path / "place" / "salinan"
    for part in ("db", "files", "settings"):
        shutil.rmtree(folder / part)
    write(config, "sesudahnya")

    sender._tidied_at = 0  # an hour later
    copy_now(sender)
    copy_now(sender)

    assert bring_back(elsewhere(), identity) == "sesudahnya"


@pytest.mark.parametrize("place", ["file"], indirect=True)
def test_the_wrong_key_opens_nothing(sender: Sender, elsewhere, tmp_path: Path):
    copy_now(sender)
    wrong = tmp_path / "wrong.txt"
    wrong.write_text(str(pyrage.x25519.Identity.generate()))
    app = elsewhere()

    with app.app_context(), pytest.raises(BackupFailed, match="does not open"):
        restoring.restore(app.config["PST"], wrong)
