"""Which files of the copy bring back a moment, and which none needs any more."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pst.admin.continuous_copy import ltx
from pst.admin.continuous_copy.attached_files import AttachedFiles, long_gone
from pst.admin.continuous_copy.ltx import Ltx, chain, surplus
from pst.config import load
from pst.server.config_values import BadSetting

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
OLD, NEW = "20260301T000000Z-ab", "20260309T000000Z-ab"
KEY = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"


def file_of_changes(
    first: int, last: int, level: int = 0, *, ago: float = 0, of: str = NEW
) -> Ltx:
    """A file whose newest change is so many hours old."""
    moment = NOW - timedelta(hours=ago)
    return Ltx(of, level, first, last, round(moment.timestamp() * 1000))


def test_a_name_says_what_a_file_holds():
    file = file_of_changes(1, 0x2F, 1)

    assert ltx.parse(file.name.removeprefix("db/")) == file
    assert file.local_name == "ltx/1/0000000000000001-000000000000002f.ltx"
    assert ltx.parse("x/1/0-1.age") is None


def test_the_newest_moment_needs_the_snapshot_and_few_steps():
    snapshot, hour, minute = (
        file_of_changes(1, 100, 9),
        file_of_changes(101, 200, 2),
        file_of_changes(201, 210, 1),
    )
    steps = [file_of_changes(n, n) for n in range(150, 216)]

    links = chain([*steps, minute, hour, snapshot])

    assert links == [snapshot, hour, minute, *steps[-5:]]


def test_a_moment_is_met_by_what_was_written_until_then():
    files = [
        file_of_changes(1, 10, 9, ago=5),
        file_of_changes(11, 11, ago=4),
        file_of_changes(12, 12, ago=3),
    ]

    assert chain(files, NOW - timedelta(hours=3.5)) == files[:2]
    assert chain(files, NOW - timedelta(hours=3)) == files
    assert chain(files, NOW - timedelta(hours=6)) == []


def test_a_gap_ends_the_chain():
    files = [
        file_of_changes(1, 10, 9),
        file_of_changes(11, 11),
        file_of_changes(13, 13),
    ]

    assert chain(files) == files[:2]


def test_the_generation_of_the_moment_counts():
    old, new = (
        file_of_changes(1, 10, 9, ago=50, of=OLD),
        file_of_changes(1, 3, 9, ago=20),
    )

    assert chain([old, new]) == [new]
    assert chain([old, new], NOW - timedelta(hours=30)) == [old]


def test_single_steps_go_after_a_day_when_larger_ones_hold_them():
    files = [
        file_of_changes(1, 1, 9, ago=30),
        file_of_changes(2, 2, ago=26),
        file_of_changes(3, 3, ago=25.1),
        file_of_changes(2, 3, 1, ago=25.1),
        file_of_changes(
            4, 4, ago=25.05
        ),  # the one that holds it also holds what is younger
        file_of_changes(5, 5, ago=24),
        file_of_changes(4, 5, 1, ago=24),
    ]

    assert surplus(files, NOW) == files[1:3]


def test_what_is_before_the_snapshot_of_a_week_ago_goes():
    week = 7 * 24 + 1
    files = [
        file_of_changes(1, 10, 9, ago=week + 48),
        file_of_changes(11, 20, 1, ago=week + 30),
        file_of_changes(1, 20, 9, ago=week + 24),
        file_of_changes(21, 30, 1, ago=week + 2),
        file_of_changes(1, 30, 9, ago=week - 1),
    ]

    assert set(surplus(files, NOW)) == {*files[:2]}


def test_an_older_generation_goes_a_week_after_its_follower_began():
    old = file_of_changes(1, 10, 9, ago=500, of=OLD)

    assert surplus([old, file_of_changes(1, 3, 9, ago=24 * 7 + 1.1)], NOW) == [old]
    assert surplus([old, file_of_changes(1, 3, 9, ago=24 * 7)], NOW) == []
    assert surplus([old], NOW) == []


# A slow machine is no fault of the rule.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_moment_of_the_week_is_lost_by_what_goes(data: st.DataObject):
    hours = sorted(data.draw(st.lists(st.floats(0, 400), min_size=1, max_size=40)))
    ages = list(reversed(hours))
    steps = [file_of_changes(n + 1, n + 1, ago=age) for n, age in enumerate(ages)]
    files = list(steps)
    for level, size in ((1, 3), (2, 9)):
        files += [
            file_of_changes(at + 1, at + size, level, ago=ages[at + size - 1])
            for at in range(0, len(ages) - size + 1, size)
        ]
    for at in data.draw(st.sets(st.integers(0, len(ages) - 1))) | {0}:
        files.append(file_of_changes(1, at + 1, 9, ago=ages[at]))

    kept = set(files) - set(surplus(files, NOW))

    for step, age in zip(steps, ages, strict=True):
        moment = step.at
        before, after = chain(files, moment)[-1], chain(kept, moment)
        if age <= 24:
            assert after and after[-1].last == before.last
        elif age <= 24 * 7:
            coarse = [f for f in files if f.level]
            assert after and after[-1].last >= chain(coarse, moment)[-1].last


def test_only_what_is_gone_for_a_week_leaves_the_copy(tmp_path: Path):
    note, day = tmp_path / "gone.json", 86_400.0
    copied = {"files/x/a", "files/x/b"}

    assert long_gone(note, copied, {"files/x/b"}, now=0) == []
    assert long_gone(note, copied, copied, now=3 * day) == []  # it came back
    assert long_gone(note, copied, {"files/x/b"}, now=4 * day) == []
    assert long_gone(note, copied, {"files/x/b"}, now=11 * day) == []
    assert long_gone(note, copied, {"files/x/b"}, now=11 * day + 3601) == ["files/x/a"]


def test_only_folders_that_changed_are_read_again(tmp_path: Path):
    folder = tmp_path / "attachments" / "ab"
    folder.mkdir(parents=True)
    (folder / "abc").write_text("x")
    (folder / ".new-1").write_text("half")
    files = AttachedFiles(tmp_path, "tag")
    _age(folder, folder.parent)

    assert set(files.changed()) == {"files/tag/attachments/ab/abc.age"}
    assert files.changed() == {}
    (folder / "abd").write_text("y")
    assert "files/tag/attachments/ab/abd.age" in files.changed()
    files.look_again()
    assert len(files.changed()) == 2


def _age(*folders: Path) -> None:
    for folder in folders:
        os.utime(folder, (0, 0))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://host/x", "must be"),
        ("file://host/x", "file:///"),
        ("file:///", "file:///"),
        ("sftp://pst@host/copy", "known_hosts"),
        ("s3://host/bucket", "KEY:SECRET"),
        ("s3://a:b@host/", "KEY:SECRET"),
    ],
)
def test_a_place_that_cannot_be_is_refused(tmp_path: Path, url: str, said: str):
    env = {"PST_DATA_DIR": str(tmp_path), "PST_BACKUP_RECIPIENT": KEY}

    with pytest.raises(BadSetting, match=said):
        load({**env, "PST_COPY_URL": url})


def test_nothing_leaves_this_machine_in_clear(tmp_path: Path):
    with pytest.raises(BadSetting, match="PST_BACKUP_RECIPIENT"):
        load({"PST_DATA_DIR": str(tmp_path), "PST_COPY_URL": "file:///mnt/x"})


def test_no_secret_of_the_place_is_shown(tmp_path: Path):
    env = {"PST_DATA_DIR": str(tmp_path), "PST_BACKUP_RECIPIENT": KEY}

    config = load({**env, "PST_COPY_URL": "s3://kunci:rahasia@host/bucket/x?region=id"})

    assert config.copy is not None
    assert config.copy.place == "copy:bucket/x"
    assert config.copy.settings["RCLONE_CONFIG_COPY_REGION"] == "id"
    assert "rahasia" not in repr(config)
