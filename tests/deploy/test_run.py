"""`bin/run`, stopped early, without room, or twice: a word, never a traceback."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from pst.demo.people import PASSWORD
from tests.conftest import copy
from tests.pages import hidden
from tests.processes import ROOT, Service, _be_humble, free_port, wait_until

START = [sys.executable, "-m", "bin._start"]


def environment(folder: Path) -> dict[str, str]:
    ours = {"PST_DATA_DIR": str(folder), "PST_PORT": str(free_port()), "PST_DEMO": "0"}
    return {**{k: v for k, v in os.environ.items() if k[:4] != "PST_"}, **ours}


def start(folder: Path, **more: object) -> subprocess.Popen:
    return subprocess.Popen(
        START,
        cwd=ROOT,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # As `bin/run` starts it: Ctrl-C is not heard until Python listens.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
        start_new_session=True,
        **more,
    )


@pytest.mark.parametrize("moment", ["loading", "preparing"])
def test_an_early_ctrl_c_ends_without_a_traceback(tmp_path: Path, moment: str):
    folder = tmp_path / "data"
    running = start(folder)
    if moment == "loading":
        mask = 1 << (signal.SIGINT - 1)
        status = Path(f"/proc/{running.pid}/status")

        def is_ignored() -> bool:
            (line,) = [x for x in status.read_text().splitlines() if "SigIgn" in x]
            return bool(int(line.split()[1], 16) & mask)

        wait_until(lambda: not is_ignored(), "its first lines", 60)
    else:
        wait_until((folder / "pst.sqlite3").exists, "the migrations", 120)

    os.killpg(running.pid, signal.SIGINT)
    out, said = running.communicate(timeout=60)

    assert "Traceback" not in said + out
    assert "KeyboardInterrupt" not in said + out


@pytest.fixture
def running(built: Path, tmp_path: Path) -> Iterator[subprocess.Popen]:
    """The service, ready."""
    copy(built, tmp_path / "data")
    running = start(tmp_path / "data")
    assert running.stdout is not None
    while not running.stdout.readline().startswith("Ready at "):
        assert running.poll() is None
    yield running
    running.terminate()
    running.communicate(timeout=60)


def below(pid: int) -> dict[int, str]:
    """Return the names of the processes that come from this one."""
    names = {}
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # a job ends
            for child in map(int, file.read_text().split()):
                comm = Path(f"/proc/{child}/comm").read_text()
                names |= {child: comm, **below(child)}
    return names


def pid_of(name: str, names: dict[int, str]) -> int:
    return next(pid for pid, each in names.items() if name in each)


def lives(pid: int) -> bool:
    path = Path(f"/proc/{pid}/cmdline")
    return bool(path.exists() and path.read_text())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_all_without_a_word(running: subprocess.Popen, number: int):
    names = below(running.pid)
    assert pid_of("redis", names) and pid_of("pst-worker-1", names)

    os.killpg(running.pid, number)
    _, said = running.communicate(timeout=60)

    assert running.returncode == 0
    assert not said
    assert not any(map(lives, names))


def test_a_fallen_worker_is_replaced_and_a_line_says_so(running: subprocess.Popen):
    fallen = pid_of("pst-worker-1", below(running.pid))

    os.kill(fallen, signal.SIGKILL)

    assert running.stderr is not None
    assert "worker-1 ended by itself (-9); it starts again" in running.stderr.readline()
    wait_until(lambda: "pst-worker-1\n" in below(running.pid).values(), "a new one")
    assert running.poll() is None


@pytest.mark.parametrize(
    ("process", "name"), [("redis", "Redis"), ("python", "service")]
)
def test_when_one_ends_all_end_and_a_line_says_which(
    running: subprocess.Popen, process: str, name: str
):
    names = below(running.pid)

    os.kill(pid_of(process, names), signal.SIGKILL)
    _, said = running.communicate(timeout=60)

    assert running.returncode == 1
    assert said.splitlines()[-1].startswith(f"bin/run: {name} stopped; ")
    wait_until(lambda: not any(map(lives, names)), "the end of all")


def test_a_second_start_with_the_same_data_is_told_in_a_line(
    running: subprocess.Popen, tmp_path: Path
):
    _, said = start(tmp_path / "data").communicate(timeout=60)

    assert said.startswith("bin/run: already running with the data in ")
    assert len(said.strip().splitlines()) == 1


def test_a_folder_that_cannot_be_written_is_told_in_a_line(tmp_path: Path):
    folder = tmp_path / "data"
    (folder / "redis").mkdir(parents=True)
    (folder / "run.lock").mkdir()  # nothing can be opened there

    _, said = start(folder).communicate(timeout=120)

    assert said.startswith("bin/run: Is a directory")
    assert len(said.strip().splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_is_told_in_a_line(tmp_path: Path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "pst.sqlite3").symlink_to("/dev/full")

    _, said = start(folder).communicate(timeout=120)

    assert said.startswith("bin/run: the data could not be made ready: ")
    assert "Traceback" not in said


def test_a_checkout_of_another_is_told_in_a_line(tmp_path: Path):
    for name in ("run", "_venv"):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).write_bytes((ROOT / "bin" / name).read_bytes())
    (tmp_path / "requirements.lock").touch()
    tmp_path.chmod(0o555)
    try:
        result = subprocess.run(
            ["bash", "bin/run"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            preexec_fn=_be_humble,
            timeout=60,
        )
    finally:
        tmp_path.chmod(0o755)

    assert result.returncode == 1
    assert "cannot be written" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def log_in(browser: OpenerDirector, address: str, name: str) -> None:
    with browser.open(f"{address}/masuk") as answer:
        token = hidden(answer.read().decode(), "csrf_token")
    form = {"csrf_token": token, "email": f"{name}@contoh.test", "password": PASSWORD}
    browser.open(f"{address}/masuk", urlencode(form).encode()).close()


def test_two_on_one_host_log_no_one_out(
    built: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
):
    """A browser keeps cookies by host, not by port."""
    services = []
    for name in ("one", "two"):
        copy(built, tmp_path / name)
        services.append(Service(tmp_path / name, tmp_path_factory.mktemp("s")))
    addresses = [f"http://localhost:{service.port}" for service in services]
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    try:
        for service, address in zip(services, addresses, strict=True):
            service.start("web")
            log_in(browser, address, "siti")

        for address in addresses:
            with browser.open(f"{address}/konsultasi") as answer:
                assert answer.url == f"{address}/konsultasi"
    finally:
        for service in services:
            service.stop()


@pytest.mark.parametrize(("argument", "status"), [("--help", 0), ("--port=8001", 2)])
def test_an_argument_starts_nothing_and_says_where_settings_come_from(argument, status):
    result = subprocess.run(
        ["bash", "bin/run", argument],
        cwd=ROOT,
        env={**os.environ, "PST_DATA_DIR": "/dev/null"},  # it could not start there
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert result.returncode == status
    assert "PST_PORT=8001 bin/run" in result.stdout and not result.stderr
