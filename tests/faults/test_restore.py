"""An empty machine, the source tree, a backup, and the words of the README."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.house import House
from tests.faults.people import Clicker, new_key
from tests.processes import ROOT, free_port, wait_until

BLOCK = re.compile(r"## Put a backup back.*?```sh\n(.*?)```", re.S)


def test_a_backup_and_the_readme_bring_the_service_back(
    house: House, tmp_path: Path, tell: Callable[[str], None]
):
    body = f"sebelum musibah {new_key()}"
    said = house.user(5).post(f"{house.page(5)}/pesan", {"body": body, "key": "k" * 20})
    assert said.status == 303
    sent = house.user(5).upload(f"{house.page(5)}/lampiran", "a.pdf", b"%PDF-1.7 utuh")
    made = house.service.flask("backup", "create").splitlines()[-1].split()[0]
    backup = house.service.flask("backup", "export", made, str(tmp_path)).split()[0]

    machine = empty_machine(tmp_path / "pst")
    restore, run = commands()
    said_by = subprocess.run(
        [*restore[:1], backup], cwd=machine, env=bare(), capture_output=True, text=True
    )
    assert said_by.returncode == 0, said_by.stdout + said_by.stderr
    with running(run, machine) as port:
        clicker = Clicker(Elsewhere(port)).log_in(house.emails[5])  # type: ignore[arg-type]
        page = clicker.get(house.page(5))

    assert page.status == 200 and body in page.text
    files = (machine / "instance/attachments").rglob("*")
    contents = [path.read_bytes() for path in files if path.is_file()]
    assert b"%PDF-1.7 utuh" in contents, sent.text
    tell("an empty machine, the README's commands, a backup: the conversation is back")


def commands() -> tuple[list[str], list[str]]:
    """Take the two commands from the README, without its settings and remarks."""
    block = BLOCK.search((ROOT / "README.md").read_text())
    assert block is not None
    first, second = (shlex.split(line, comments=True) for line in block[1].splitlines())
    return first, [word for word in second if "=" not in word]


def empty_machine(folder: Path) -> Path:
    """The source tree as it is published, and the packages it names."""
    result = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        **{"cwd": ROOT, "capture_output": True, "text": True, "check": True},
    )
    for name in filter(None, result.stdout.split("\0")):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def bare() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PST_")}
    return {**kept, "PST_DEMO": "0"}


@contextmanager
def running(command: list[str], machine: Path) -> Iterator[int]:
    port = free_port()
    env = bare() | {"PST_PORT": str(port)}
    log = (machine / "run.log").open("w+")
    process = subprocess.Popen(
        command, cwd=machine, env=env, stdout=log, stderr=subprocess.STDOUT
    )
    try:
        wait_until(lambda: "Ready at" in (machine / "run.log").read_text(), "it", 120)
        yield port
    finally:
        process.terminate()
        said = process.wait(60)
        log.close()
    assert said == 0, "it ends in order: web and workers first, Redis last"


class Elsewhere:
    """All that a clicker knows of a service."""

    def __init__(self, port: int) -> None:
        self.port = port
