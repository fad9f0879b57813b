"""The image and what is put together of it; without an engine, as far as that goes.

The commands of `compose.yaml` are started as they stand there: as another user, without
a right of its own, in a tree that cannot be written.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from pst.server.config_values import NAMES
from pst.server.process_sizing import ALLOCATOR
from tests.conftest import copy
from tests.processes import ROOT, find_redis, free_port, wait_until

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
IMAGE = (ROOT / "Containerfile").read_text()
OURS = {k: v for k, v in COMPOSE["services"].items() if v["image"] == "pst"}
SERVING = ("web", "worker", "scheduler")
USER = 10001
ENV = dict(re.findall(r"(?m)(?:^ENV| ) *([A-Z_]+)=(\S+)", IMAGE.split("\nUSER")[0]))
READ_ONLY = (
    'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && cd "$0" && exec "$@"'
)
PYTHON = str(ROOT / ".venv/bin/python")
NO_RIGHTS = ["--clear-groups", "--bounding-set=-all", "--inh-caps=-all"]
NO_RIGHTS += ["--no-new-privs"]


def rightless(user: int) -> list[str]:
    return ["setpriv", f"--reuid={user}", f"--regid={user}", *NO_RIGHTS]


def user_here() -> int:
    """Return the image's user, or root without rights where it cannot see Python."""
    look = [PYTHON, "-c", "import sys; print(sys.base_prefix)"]
    result = subprocess.run([*rightless(USER), *look], capture_output=True, text=True)
    return USER if result.stdout.strip() == sys.base_prefix else os.geteuid()


def can_mount() -> bool:
    words = ["unshare", "--mount", "true"]
    return (
        os.geteuid() == 0 and subprocess.run(words, capture_output=True).returncode == 0
    )


class Pod:
    """Data, a Redis, and what the commands see."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        socket = folder / "redis.sock"
        redis = [find_redis(), "--port", "0", "--unixsocket", str(socket)]
        self.running = [
            subprocess.Popen([*redis, "--unixsocketperm", "777", "--save", ""])
        ]
        wait_until(socket.exists, "Redis")
        (folder / "data").mkdir()
        self.user = user_here()
        os.chown(folder / "data", self.user, self.user)
        self.env = {
            **ENV,
            "PATH": f"{ROOT / '.venv/bin'}:/usr/bin:/bin",
            "PST_HOST": "127.0.0.1",
            "PST_PORT": str(self.port),
            "PST_DATA_DIR": str(folder / "data"),
            "PST_REDIS_URL": f"unix://{socket}",
        }

    def command(self, words: list[str]) -> list[str]:
        program, *rest = words
        if program == "python":  # found without looking where the user may not
            program = PYTHON
        read_only = ["unshare", "--mount", "sh", "-c", READ_ONLY, str(ROOT)]
        return [*read_only, *rightless(self.user), program, *rest]

    def run(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(words), env=self.env, capture_output=True, text=True
        )

    def start(self, words: list[str]) -> None:
        self.running.append(subprocess.Popen(self.command(words), env=self.env))

    def lamps(self) -> dict[str, str]:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}/sehat"
            ) as answer:
                return json.load(answer)["checks"]
        except urllib.error.HTTPError as error:
            return json.load(error).get("checks", {})
        except OSError:
            return {}

    def stop(self) -> None:
        for process in reversed(self.running):
            process.terminate()
        for process in reversed(self.running):
            process.wait(30)


@pytest.fixture
def pod() -> Iterator[Pod]:
    folder = Path(tempfile.mkdtemp(prefix="pst-pod-"))
    folder.chmod(0o755)
    made = Pod(folder)
    yield made
    made.stop()
    shutil.rmtree(folder)


@pytest.mark.skipif(not can_mount(), reason="needs root, to become another user")
def test_every_command_starts_as_written_in_a_tree_that_cannot_be_written(pod: Pod):
    assert "Read-only file system" in pod.run(["touch", str(ROOT / "x")]).stderr
    done = pod.run(OURS["prepare"]["command"])
    assert done.returncode == 0, done.stderr

    for name in SERVING:
        pod.start(OURS[name]["command"])

    parts = ("database", "redis", "worker", "scheduler")
    wait_until(
        lambda: {pod.lamps().get(part) for part in parts} == {"good"}, "all well", 90
    )
    check = OURS["web"]["healthcheck"]["test"]
    assert check[0] == "CMD" and pod.run(check[1:]).returncode == 0


@pytest.mark.skipif(not can_mount(), reason="needs root, to become another user")
def test_the_health_check_fails_where_nothing_listens(pod: Pod):
    assert pod.run(OURS["web"]["healthcheck"]["test"][1:]).returncode == 1


@pytest.mark.parametrize("name", OURS)
def test_a_container_has_no_more_rights_than_it_needs(name: str):
    service = OURS[name]

    assert service["read_only"] and service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    assert name.startswith("web") != service["healthcheck"].get("disable", False)


def test_the_cluster_is_wanted_by_name_alone():
    usual = {k for k, v in COMPOSE["services"].items() if "profiles" not in v}

    assert usual == {"prepare", "web", "worker", "scheduler", "redis"}
    assert COMPOSE["services"].keys() - usual == {"web2", "postgresql", "files"}
    first, second = (dict(OURS[name]) for name in ("web", "web2"))
    assert first.pop("ports") == ["127.0.0.1:8000:8000"]
    assert second.pop("ports") == ["127.0.0.1:8001:8000"]
    assert second.pop("profiles") == ["cluster"] and first == second


def test_the_image_can_copy_the_database_of_the_cluster():
    """A pg_dump refuses a server that is newer; 15 is the one of Debian 12."""
    last = IMAGE.rpartition("\nFROM python\n")[2]
    server = COMPOSE["services"]["postgresql"]["image"]

    assert "debian:bookworm-slim" in IMAGE
    assert server.endswith("postgres:15-bookworm")
    assert "ARG LOCK" in last and "postgresql-client" in last


def test_the_image_runs_as_a_user_without_rights_and_owns_its_data_only():
    assert f"USER {USER}:{USER}" in IMAGE
    assert f"-o {USER} -g {USER}" in IMAGE and "VOLUME /var/lib/pst" in IMAGE
    match = re.search(r"HEALTHCHECK .* CMD (\[.*\])\nCMD (\[.*\])", IMAGE)
    assert json.loads(match[1]) == OURS["web"]["healthcheck"]["test"][1:]
    assert json.loads(match[2]) == OURS["web"]["command"]


def test_the_image_is_set_as_a_server_is():
    assert {name for name in ENV if name.startswith("PST_")} <= set(NAMES)
    assert ALLOCATOR.items() <= ENV.items()
    assert ENV["PST_DEMO"] == "0" and ENV["PST_HOST"] == "0.0.0.0"


def test_what_is_private_stays_out_of_the_image():
    ignored = (ROOT / ".containerignore").read_text()

    assert {".env", ".git", "instance"} <= set(ignored.split())
    assert (ROOT / ".dockerignore").read_text() == ignored


@pytest.mark.parametrize("bad", ["localhost", "0.0.0.0:80", "nowhere.example"])
def test_a_host_that_is_no_address_is_refused(tmp_path: Path, bad: str):
    from pst.config import load
    from pst.server.config_values import BadSetting

    with pytest.raises(BadSetting, match="PST_HOST"):
        load({"PST_HOST": bad, "PST_DATA_DIR": str(tmp_path)})


def _listens(host: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0


def test_another_host_is_listened_on(built: Path, tmp_path: Path):
    copy(built, tmp_path)
    port = free_port()
    env = {"PATH": os.environ["PATH"], "PST_DATA_DIR": str(tmp_path), "PST_DEMO": "0"}
    env |= {"PST_HOST": "127.0.0.2", "PST_PORT": str(port)}
    python = str(ROOT / ".venv/bin/python")
    server = subprocess.Popen([python, "serve.py"], cwd=ROOT, env=env)
    try:
        # Asking starts a Python each time: not before there is someone to ask.
        wait_until(lambda: _listens("127.0.0.2", port), "the server", 60)
        ask = [python, "serve.py", "ask"]
        wait_until(
            lambda: subprocess.run(ask, cwd=ROOT, env=env).returncode == 0, "a page", 60
        )
        elsewhere = {**env, "PST_HOST": "127.0.0.1"}
        assert subprocess.run(ask, cwd=ROOT, env=elsewhere).returncode == 1
    finally:
        server.terminate()
        server.wait(30)
