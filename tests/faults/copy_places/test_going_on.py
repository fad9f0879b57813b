"""The continuous copy goes on after a start, and begins again elsewhere."""

from pathlib import Path

import pytest

from pst import create_app
from pst.admin.continuous_copy.sending import Sender
from pst.config import Config
from tests.conftest import settings_for
from tests.faults.copy_places.steps import bring_back, copy_now, with_copy, write


@pytest.mark.parametrize("place", ["file"], indirect=True)
def test_a_process_started_again_goes_on_and_sends_nothing_twice(
    sender: Sender, config: Config, tmp_path: Path, elsewhere, identity: Path
):
    copy_now(sender)
    sender.litestream.stop()
    sent = {p: p.stat().st_ino for p in (tmp_path / "place").rglob("*") if p.is_file()}
    write(config, "sesudahnya")

    again = Sender(config)
    try:
        copy_now(again)
    finally:
        again.litestream.stop()

    assert again.litestream.generation == sender.litestream.generation
    kept = {p: p.stat().st_ino for p in sent if p.exists()}
    assert kept == sent
    assert bring_back(elsewhere(), identity) == "sesudahnya"


@pytest.mark.parametrize("place", ["file"], indirect=True)
def test_another_folder_gets_a_whole_copy(
    sender: Sender, config: Config, identity: Path, tmp_path: Path
):
    copy_now(sender)
    sender.litestream.stop()
    place = {"PST_COPY_URL": f"file://{tmp_path}/lain"}
    (tmp_path / "lain").mkdir()
    write(config, "di folder lain")

    again = Sender(with_copy(config, place, identity))
    try:
        copy_now(again)
    finally:
        again.litestream.stop()

    app = create_app(with_copy(settings_for(tmp_path / "x"), place, identity))
    assert bring_back(app, identity) == "di folder lain"
