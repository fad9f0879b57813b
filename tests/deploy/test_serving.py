"""The web server on a socket of systemd's: what it says, and that nothing is lost."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import sd_notify
from tests.processes import ROOT, Service, wait_until
from tests.systemd import PATIENCE_S, Systemd, status


@pytest.fixture
def systemd(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Systemd]:
    folder = tmp_path_factory.mktemp("s")
    made = Systemd(Service(built, folder).env, folder)
    yield made
    made.close()


def test_no_request_is_lost_while_the_server_is_replaced(systemd: Systemd):
    server = systemd.start()
    wait_until(lambda: "READY=1" in systemd.said, "ready", patience=PATIENCE_S)
    wait_until(lambda: "WATCHDOG=1" in systemd.said, "a sign of life")
    seen: list[int | str] = []
    is_over = threading.Event()

    def visit() -> None:
        while not is_over.is_set():
            seen.append(status(systemd.path))

    visitors = [threading.Thread(target=visit) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    wait_until(lambda: len(seen) > 20, "visits before", patience=PATIENCE_S)
    server.send_signal(signal.SIGTERM)
    server.wait(PATIENCE_S)
    before = len(seen)
    server = systemd.start()
    wait_until(lambda: len(seen) > before + 20, "visits after", patience=PATIENCE_S)
    is_over.set()
    for visitor in visitors:
        visitor.join()
    server.terminate()
    server.wait(PATIENCE_S)

    assert set(seen) == {200}
    wait_until(lambda: "STOPPING=1" in systemd.said, "the end")


def test_a_server_that_would_not_serve_says_so(built: Path, tmp_path: Path):
    env = {**Service(built, tmp_path).env, "PST_DATABASE_URL": "sqlite:////nowhere/x"}

    result = subprocess.run(
        [sys.executable, "serve.py", "try"],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert result.returncode != 0
    assert "the home page does not come" in result.stderr


def test_no_one_asks_and_nothing_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)

    sd_notify.ready()

    assert not sd_notify.are_wanted()
    assert sd_notify.interval_s(otherwise=7) == 7


def test_an_end_is_not_held_up_by_a_service_manager_that_is_deaf(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.bind(str(tmp_path / "n"))
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as full:
            full.setblocking(False)
            with pytest.raises(BlockingIOError):
                while full.sendto(b"WATCHDOG=1", str(tmp_path / "n")):
                    pass
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "n"))

        result = subprocess.run(
            [sys.executable, "-c", "import sd_notify; sd_notify.stopping()"],
            cwd=ROOT,
            timeout=PATIENCE_S,
        )

    assert result.returncode == 0


def test_signs_of_life_come_three_times_as_often_as_they_must(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setitem(os.environ, "WATCHDOG_USEC", "120000000")

    assert sd_notify.interval_s() == 40
