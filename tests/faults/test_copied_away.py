"""Everything is killed and the data folder deleted while sixteen write; it comes back.

The copy lies elsewhere; of what was acknowledged, a minute's at most is lost.
"""

import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pyrage
import pytest

from pst.admin.continuous_copy import state
from tests.faults.disk import Disk
from tests.faults.house import MORNING, Deployed, House
from tests.faults.people import Clicker, Crowd
from tests.faults.storm import STORED, Storm
from tests.post_office import PostOffice
from tests.processes import ROOT, Service, wait_until

LOST_S = 60
ENOUGH = 150  # acknowledged, before all is killed
TEXT = b"%PDF-1.7 lampiran"


class Dated(set[str]):
    """What was acknowledged, and when."""

    def __init__(self, at: dict[str, float]) -> None:
        self.at = at

    def add(self, text: str) -> None:
        self.at[text] = time.time()
        super().add(text)


@pytest.fixture
def key(tmp_path: Path) -> pyrage.x25519.Identity:
    key = pyrage.x25519.Identity.generate()
    (tmp_path / "key.txt").write_text(str(key))
    return key


@pytest.fixture
def copied(
    prepared: Path,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    key: pyrage.x25519.Identity,
) -> Iterator[House]:
    """A house of its own, whose data are copied to another folder."""
    folder, mount = tmp_path / "house" / "data", tmp_path / "mount"
    shutil.copytree(prepared, folder)
    mount.mkdir()
    with PostOffice() as office:
        service = Deployed(folder, tmp_path_factory.mktemp("c"), office.url)
        service.env |= {
            "PST_COPY_URL": f"file://{mount}",
            "PST_BACKUP_RECIPIENT": str(key.to_public()),
        }
        disk = Disk.__new__(Disk)  # of this one nothing is filled
        house = House(service, office, disk)
        try:
            service.at(MORNING)
            house.furnish()
            service.start()
            service.launch("copier")
            yield house
        finally:
            service.stop()


def test_a_minute_is_lost_at_most_when_the_disk_is_gone(
    copied: House, tmp_path: Path, tell: Callable[[str], None]
):
    storm, acknowledged_at = Storm(copied, seconds=60, seed=1), dict[str, float]()
    storm.taken = {name: Dated(acknowledged_at) for name in storm.taken}
    crowd, folder = Crowd(), copied.service.folder
    uploaded = copied.user(0).upload(f"{copied.page(0)}/lampiran", "a.pdf", TEXT)
    try:
        for work in storm._seats():
            crowd.send(work)
        _wait_for_copy(folder, lambda: len(acknowledged_at) >= ENOUGH)
        killed_at = time.time()
        copied.service.stop()
        shutil.rmtree(folder)
    finally:
        crowd.finish()

    elsewhere = _restored(copied.service, tmp_path)

    lost = _lost(elsewhere.folder, acknowledged_at)
    ages = [killed_at - acknowledged_at[text] for text in lost]
    tell(
        f"data folder deleted while 16 write: acknowledged: {len(acknowledged_at)} ·"
        f" lost: {len(lost)}, the oldest {max(ages, default=0):.0f} s before"
    )
    assert len(acknowledged_at) - len(lost) > 0
    assert max(ages, default=0) <= LOST_S
    assert _files(elsewhere.folder), uploaded.text
    _serves_and_says_from_when(elsewhere)


def _wait_for_copy(folder: Path, is_enough: Callable[[], bool]) -> None:
    """Wait until enough was written, and a copy was whole since people began."""
    wait_until(is_enough, "people are served", 180)
    since = time.time()

    def is_copied() -> bool:
        found = state.read(folder)
        return bool(found and found.complete_at > since)

    wait_until(is_copied, "the copy is whole", 180)


def _restored(service: Service, tmp_path: Path) -> Service:
    """Another machine: nothing but the copy and the key."""
    folder, sockets = tmp_path / "elsewhere", tmp_path / "s"
    folder.mkdir()
    sockets.mkdir()
    elsewhere = Service(folder, sockets)
    names = ("PST_COPY_URL", "PST_BACKUP_RECIPIENT")
    elsewhere.env |= {name: service.env[name] for name in names}
    elsewhere.env["PST_TEST_CLOCK"] = ""
    words = ["copy", "restore", "--identity", str(tmp_path / "key.txt")]
    assert "Restored the data of" in elsewhere.flask(*words)
    again = subprocess.run(
        [sys.executable, "-m", "flask", *words],
        **{"env": elsewhere.env, "cwd": ROOT, "capture_output": True, "text": True},
    )
    assert again.returncode == 1 and "holds data" in again.stderr
    return elsewhere


def _lost(folder: Path, acknowledged_at: dict[str, float]) -> list[str]:
    stored: set[str] = set()
    with closing(sqlite3.connect(folder / "pst.sqlite3")) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for sql in STORED:
            stored |= {text for (text,) in file.execute(sql)}
    return [text for text in acknowledged_at if text not in stored]


def _files(folder: Path) -> list[Path]:
    return [path for path in (folder / "attachments").rglob("*") if path.is_file()]


def _serves_and_says_from_when(service: Service) -> None:
    try:
        service.start("redis", "web")
        page = Clicker(service).get("/")
    finally:
        service.stop()
    assert page.status == 200
    assert "Layanan ini dipulihkan pada" in page.text
