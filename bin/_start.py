"""Prepare the data and run the service, for a trial; called by `bin/run`.

`prefork.py` runs web server, workers and scheduler, and replaces one that falls. When
it ends by itself, or Redis or the continuous copy does, all end, and a line says which.
"""

import contextlib
import fcntl
import functools
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

# Our imports take a second: Ctrl-C in it ends the program without a traceback.
signal.signal(signal.SIGINT, signal.SIG_DFL)

import sd_notify  # noqa: E402
from pst.config import ROOT, Config, environment, load  # noqa: E402
from pst.server import process_sizing  # noqa: E402
from pst.server.config_values import BadSetting  # noqa: E402

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
START_S, FINISH_S, LOOK_S = 60, 20, 0.5
MAX_WORD = 100  # bytes of a sign of life
SEE = "see what it says above (of Redis: in redis/redis.log)."
FIRST_ACCOUNT = """Make an account for the IT person, if there is none yet:
  .venv/bin/flask --app wsgi accounts create EMAIL --name NAME --role admin"""

Processes = dict[str, subprocess.Popen]


def main() -> None:
    for number in SIGNALS:
        signal.signal(number, stop)
    try:
        keep_audit_key()
        run(load({"PST_DEMO": "1", **environment()}))
    except BadSetting as error:
        fail(str(error))
    except OSError as error:  # a folder that cannot be written, a full disk
        fail(f"{error.strerror}: {error.filename or ''}")


def stop(number: int, frame: object) -> NoReturn:
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)  # once is enough
    sys.exit()


def fail(why: str) -> NoReturn:
    sys.exit(f"bin/run: {why}")


def run(config: Config) -> None:
    """Prepare the data and start all; go on until one of the processes ends."""
    refuse_double(config)
    with (
        tempfile.TemporaryDirectory(prefix="pst-") as folder,  # paths must be short
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear,
    ):
        ear.bind(f"{folder}/ear")
        commands = programs(config, folder)
        os.environ |= {
            **process_sizing.ALLOCATOR,
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            "PST_DEMO": str(int(config.demo)),
            "PST_REDIS_URL": config.redis_url or f"unix://{folder}/redis",
        }
        greeting = prepare(config)
        with running(commands) as processes:
            watch(processes, ear, greeting)


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
        except OSError:
            fail(f"port {config.port} is in use; choose another: PST_PORT=8001 bin/run")
    lock = os.open(config.data_dir / "run.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        fail(f"already running with the data in {config.data_dir}.")


def programs(config: Config, folder: str) -> dict[str, list[str]]:
    """Return what to run, with its sockets in this folder; first what ends last."""
    own = {} if config.redis_url else {"Redis": redis(config, f"{folder}/redis")}
    copier = {"continuous copy": [sys.executable, "copier.py"]} if config.copy else {}
    parent = ["env", f"NOTIFY_SOCKET={folder}/ear", sys.executable, "prefork.py"]
    return {**own, **copier, "service": parent}


def redis(config: Config, path: str) -> list[str]:
    """Return how to run a Redis of our own, which listens at this path alone."""
    find = functools.partial(
        shutil.which, path=f"{os.environ['PATH']}:{Path(sys.executable).parent}"
    )
    program = find("redis-server") or find("valkey-server")
    if not program:
        fail("no Redis found: apt-get install redis-server, or set PST_REDIS_URL.")
    folder = config.data_dir / "redis"
    folder.mkdir(mode=0o700, exist_ok=True)
    return (
        [program, "--port", "0", "--unixsocket", path, "--unixsocketperm", "700"]
        + ["--dir", str(folder), "--appendonly", "yes", "--save", ""]
        + ["--loglevel", "warning", "--logfile", str(folder / "redis.log")]
    )


def prepare(config: Config) -> str:
    """Migrate and load what a new office needs; return how to greet."""
    result = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "prepare"],
        capture_output=True,  # also a line for each migration, or a traceback
        text=True,
        start_new_session=True,
        preexec_fn=end_with_us,
    )
    if result.returncode:
        why = (result.stderr.strip().splitlines() or ["?"])[-1]
        fail(f"the data could not be made ready: {why}")
    words = f"\n{result.stdout}{'' if config.demo else FIRST_ACCOUNT}".rstrip()
    return f"{words}\nReady at {config.base_url} (Ctrl-C stops it)"


@contextlib.contextmanager
def running(programs: dict[str, list[str]]) -> Iterator[Processes]:
    """Run these programs in the block; at its end stop them, the last one first."""
    processes: Processes = {}
    try:
        for name, command in programs.items():
            processes[name] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for us
                preexec_fn=end_with_us,
            )
        yield processes
    finally:
        for process in reversed(processes.values()):
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(FINISH_S)
            with contextlib.suppress(ProcessLookupError):  # what it leaves behind
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def watch(processes: Processes, ear: socket.socket, greeting: str) -> NoReturn:
    """Greet when the service is ready; wait until one of the processes ends."""
    ear.settimeout(LOOK_S)
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        with contextlib.suppress(TimeoutError):
            if ear.recv(MAX_WORD) == b"READY=1":
                print(greeting, flush=True)
                until = float("inf")
        for name, process in processes.items():
            if process.poll() is not None:
                fail(f"{name} stopped; {SEE}")
    fail(f"no page comes; {SEE}")


end_with_us = functools.partial(sd_notify.end_with_parent, signal.SIGTERM)

if __name__ == "__main__":
    main()
