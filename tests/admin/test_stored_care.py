"""Which stored attachments are looked at again, brought, counted and dropped."""

import hashlib
import json
import os
import tarfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pst import clock
from pst.admin.backups import stored_care, stored_files
from pst.admin.backups.archives import MANIFEST, BackupFailed, Manifest

At = Callable[[str | datetime], None]
SECOND = timedelta(seconds=1)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


@pytest.fixture
def there(tmp_path: Path) -> Path:
    folder = tmp_path / "there"
    folder.mkdir()
    return folder


def store(folder: Path, text: str) -> str:
    """Store a file of these words; return its reference."""
    source = folder.parent / "source"
    source.write_text(text)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    stored_files.put(folder, source, sha256, None)
    return f"clear/{sha256}"


def name(folder: Path, *references: str) -> Path:
    """Put an archive there that names these files."""
    archive = folder / f"pst-{len(list(folder.iterdir()))}.tar.gz"
    archive.write_bytes(b"x")
    stored_files.write_list(archive, references)
    return archive


def described(folder: Path, **stored: str) -> Path:
    """Put an archive there that says itself what it needs: its list is lost."""
    manifest = Manifest("2026-03-02T01:00:00+00:00", "1", "1", {}, {}, 0)
    manifest.stored.update({f"attachments/{name}": ref for name, ref in stored.items()})
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest)))
    archive = folder / "pst-0.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(folder / MANIFEST, MANIFEST)
    return archive


def seen(folder: Path) -> int:
    """Count the parts that were looked at now."""
    now = clock.now().timestamp()
    return sum(
        stored_care._last_look(part) == now for part in stored_files.parts(folder)
    )


def test_a_lost_list_is_written_again_from_what_the_archive_says(here):
    archive = described(here, a=store(here, "a"))

    assert stored_care.needs_of(archive) == {store(here, "a")}
    assert stored_files.read_list(archive) == {store(here, "a")}


def test_two_parts_an_hour_and_each_once_a_week(here, at: At):
    for n in range(5):
        store(here, f"berkas {n}")
    parts = len(stored_files.parts(here))
    assert parts == 5
    begin = clock.now()
    for hour, count in ((0, 2), (1, 2), (2, 1), (3, 0)):
        at(begin + timedelta(hours=hour))
        stored_care.look_again(here)
        assert seen(here) == count

    at(begin + timedelta(days=7) - SECOND)
    stored_care.look_again(here)
    assert seen(here) == 0
    longest = stored_files.parts(here)[-1]
    before = (begin - timedelta(days=1)).timestamp()
    os.utime(longest / stored_care.SEEN, (before, before))
    at(begin + timedelta(days=7))
    stored_care.look_again(here)
    assert seen(here) == 2
    assert stored_care._last_look(longest) == clock.now().timestamp(), "it comes first"


def test_what_was_seen_under_a_clock_that_was_ahead_is_looked_at_again(here, at: At):
    store(here, "berkas")
    at("2028-03-02 09:00+07:00")
    stored_care.look_again(here)
    at("2026-03-02 09:00+07:00")
    stored_care.look_again(here)
    assert seen(here) == 1


def test_a_damaged_file_is_set_aside_and_missed(here, at: At):
    whole, damaged = store(here, "utuh"), store(here, "rusak")
    name(here, whole, damaged)
    stored_care.refuse_lacking(here)
    stored_files.find(here, damaged).write_text("lain")

    stored_care.look_again(here)

    assert [each for each, _ in stored_files.every(here)] == [whole]
    assert stored_care.lacking(here) == {damaged}
    with pytest.raises(BackupFailed, match="1 attachments"):
        stored_care.refuse_lacking(here)


def test_only_what_is_needed_and_not_there_is_brought(here, there):
    needed, also, unneeded = (store(here, text) for text in ("satu", "dua", "tigaa"))
    store(there, "satu")
    needs = {needed, also, f"clear/{'0' * 64}"}
    assert stored_care.size_lacking(here, there, needs) == len("dua")

    stored_care.bring_lacking(here, there, needs)

    assert {each for each, _ in stored_files.every(there)} == {needed, also}
    assert stored_care.size_lacking(here, there, needs) == 0
    assert unneeded not in dict(stored_files.every(there))


def test_what_does_not_arrive_whole_is_not_there(here, there):
    reference = store(here, "berkas")
    source = stored_files.find(here, reference)
    source.write_text("lain")
    with pytest.raises(BackupFailed, match="did not arrive whole"):
        stored_files.bring(reference, source, there)
    assert list(stored_files.every(there)) == []


def test_a_list_with_a_strange_line_is_none(here):
    archive = name(here, store(here, "berkas"), "../../etc/passwd")
    with pytest.raises(BackupFailed, match="no list"):
        stored_files.read_list(archive)


def test_what_no_archive_names_is_dropped(here):
    kept, dropped = store(here, "satu"), store(here, "dua")
    name(here, kept)
    assert stored_care.drop_unnamed(here) == 1
    assert [each for each, _ in stored_files.every(here)] == [kept]
    assert stored_files.find(here, dropped) is None
    assert stored_care.drop_unnamed(here) == 0
