"""What the admins' manual tells to type is a command, and does what it says here too.

Our own commands run on real data; those of the system are written down instead.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.postgresql import of_sqlite
from tests.processes import ROOT

BLOCK = re.compile(r"(?ms)^```sh\n(.*?)^```")
MANUALS = sorted((ROOT / "docs/panduan").glob("admin-*.md"))
BLOCKS = [
    pytest.param(block, id=f"{path.stem}-{n}")
    for path in MANUALS
    for n, block in enumerate(BLOCK.findall(path.read_text()))
]
MAINTENANCE = ROOT / "docs/panduan/admin-pemeliharaan.md"
OF_THE_SYSTEM = ("apt-get", "systemctl", "timedatectl", "tee")
SERVER_ONLY = "status|log|start|stop|restart|restore|upgrade"
SUDO = '#!/bin/sh\nexec "$@"\n'
NOTED = '#!/bin/sh\necho "$(basename "$0") $*" >> "$NOTES"\n'
PST = f"""#!/bin/sh
echo "pst $*" >> "$NOTES"
case $1 in {SERVER_ONLY}) exit 0 ;; esac
cd {ROOT} && exec .venv/bin/flask --app wsgi "$@"
"""


@pytest.mark.parametrize("block", BLOCKS)
def test_every_block_can_be_read_by_a_shell(block: str):
    result = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True)

    assert result.returncode == 0, result.stderr


@pytest.fixture
def shell(built: Path, tmp_path: Path) -> dict[str, str]:
    """An environment in which `sudo pst …` is ours, with data of a running office."""
    programs = {"sudo": SUDO, "pst": PST, **dict.fromkeys(OF_THE_SYSTEM, NOTED)}
    for name, text in programs.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    return {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "NOTES": str(tmp_path / "notes"),
        "PST_DATA_DIR": str(built),
        "PST_BACKUP_DIR": str(tmp_path / "backups"),
        "PST_TESTING": "1",
    }


def blocks_under(heading: str) -> list[str]:
    text = MAINTENANCE.read_text().partition(f"\n## {heading}\n")[2]
    return BLOCK.findall(text.partition("\n## ")[0])


def run_typed(shell: dict[str, str], script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-e", "-c", script], env=shell, capture_output=True, text=True
    )


@of_sqlite  # its installed office
def test_the_page_for_mondays_is_typed_as_it_stands(shell: dict[str, str]):
    run_typed(shell, "pst backup create").check_returncode()
    (block,) = blocks_under("Lima menit setiap Senin")
    disk = block.replace("/var/lib/pst", shell["PST_DATA_DIR"])

    run = run_typed(shell, disk)

    assert run.returncode == 0, run.stderr
    assert re.search(r"pst-\d{8}T\d{6}Z\.tar\.gz", run.stdout)
    notes = Path(shell["NOTES"]).read_text()
    assert "pst status" in notes and "apt-get -s upgrade" in notes


@of_sqlite  # its installed office
def test_what_is_typed_before_a_move_leaves_a_backup(shell: dict[str, str]):
    before, after = blocks_under("Pindah ke server lain")

    run = run_typed(shell, before)

    assert run.returncode == 0, run.stderr
    assert [*Path(shell["PST_BACKUP_DIR"]).glob("pst-*.tar.gz")]
    steps = Path(shell["NOTES"]).read_text().splitlines()
    assert steps[0].startswith("systemctl stop pst-web") and steps[-1] == "pst stop"
    assert "sudo pst restore" in after


@pytest.mark.parametrize("heading", ["Jam server", "Pembaruan sendiri dan mulai ulang"])
def test_the_systems_own_commands_are_asked_for(shell: dict[str, str], heading: str):
    for block in blocks_under(heading):
        run = run_typed(shell, block)
        assert run.returncode == 0, run.stderr


def test_settings_that_are_to_be_written_exist(tmp_path: Path):
    from pst.config import load

    (settings, restart) = blocks_under("Lewat proksi kantor")
    values = dict(line.split("=", 1) for line in settings.split())

    config = load({**values, "PST_DATA_DIR": str(tmp_path)})
    assert config.outward.proxy and restart == "sudo pst restart\n"


def test_what_was_replaced_is_found_and_removed(shell: dict[str, str], tmp_path: Path):
    folder = tmp_path / "replaced-20260302T010000Z"
    folder.mkdir()
    (block,) = blocks_under("Folder replaced-…")

    run = run_typed(shell, block.replace("/var/lib/pst", str(tmp_path)))

    assert run.returncode == 0 and not folder.exists()
