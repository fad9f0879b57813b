"""Make a clean Debian root, boot it, and run commands in it.

Where packages come from is the business of this machine: its sources for apt and its
settings for pip are taken over at run time.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

APT = Path("/etc/apt")
ALSO = "ca-certificates,systemd,dbus,tzdata"
PIP_FILES = (Path("/etc/pip.conf"), Path.home() / ".config/pip/pip.conf")
BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
PATIENCE_S = 60
# Nothing listens there: a package that the archive lacks is found nowhere else.
NO_INDEX = "[global]\nindex-url = http://127.0.0.1:9/\nretries = 0\n"


class Debian:
    """One booted root; `ends` takes it away again."""

    def __init__(
        self, cache: Path, source: Path, suite: str = "", is_offline: bool = False
    ) -> None:
        self.cache, self.source, self.is_offline = cache, source, is_offline
        self.suite = suite or codename()
        self.scratch = Path(tempfile.mkdtemp(prefix="pst-trial-", dir="/var/tmp"))
        self.root = self.scratch / "root"
        self.nspawn: subprocess.Popen | None = None
        self.leader = 0

    def make(self) -> None:
        """Unpack a minimal system, from the cache when it has been made before."""
        base = self.cache / f"{self.suite}-base"
        if not (base / "etc/os-release").exists():
            debs = self.cache / f"{self.suite}-debs"
            debs.mkdir(parents=True, exist_ok=True)
            words = ["--variant=minbase", f"--cache-dir={debs}", f"--include={ALSO}"]
            fresh = self.scratch / "base"
            command = ["debootstrap", *words, self.suite, str(fresh), mirror()]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            shutil.move(fresh, base)
        subprocess.run(["cp", "-a", base, self.root], check=True)
        self._take_over_sources()

    def _take_over_sources(self) -> None:
        target = self.root / "etc/apt"
        (target / "sources.list").unlink(missing_ok=True)
        for path in sources():
            text = path.read_text().replace(codename(), self.suite)
            (target / path.relative_to(APT)).write_text(text)
        settings = [
            line
            for path in sorted((APT / "apt.conf.d").iterdir())
            for line in path.read_text().splitlines()
            if line.startswith("Acquire::")
        ]
        (target / "apt.conf.d/90trial").write_text("\n".join(settings) + "\n")
        files = [path for path in PIP_FILES if path.exists()]
        if self.is_offline:
            (self.root / "etc/pip.conf").write_text(NO_INDEX)
        elif files:
            (self.root / "etc/pip.conf").write_text(
                "\n".join(path.read_text() for path in files[-1:])
            )
        if BUNDLE.exists():
            shutil.copy(BUNDLE, self.root / BUNDLE.relative_to("/"))

    def boot(self) -> None:
        """Start its systemd, and wait until it has started what it starts."""
        binds = [f"--bind-ro={self.source}:/src"]
        caches = {f"{self.suite}-apt": "/var/cache/apt"}
        if not self.is_offline:
            caches["pip"] = "/var/cache/trial-pip"
        for name, place in caches.items():
            (self.cache / name).mkdir(parents=True, exist_ok=True)
            binds.append(f"--bind={self.cache / name}:{place}")
        if not self.is_offline:
            binds += [f"--bind-ro={path}" for path in local_indexes()]
        log = (self.scratch / "console.log").open("ab")
        self.nspawn = subprocess.Popen(
            ["systemd-nspawn", "-q", "-D", str(self.root), "--boot", "--register=no"]
            + ["--keep-unit", "--resolv-conf=copy-host", "--console=pipe", *binds],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        self.wait(self._find_leader, "its systemd")
        self.wait(self._is_up, "its systemd to come up")

    def crash(self) -> None:
        """End everything at once, as a power cut does, and start it again."""
        before, self.leader = self.leader, 0
        os.kill(before, signal.SIGKILL)
        assert self.nspawn is not None
        self.nspawn.wait(PATIENCE_S)
        self.boot()

    def _find_leader(self) -> bool:
        assert self.nspawn is not None
        path = Path(f"/proc/{self.nspawn.pid}/task/{self.nspawn.pid}/children")
        for child in path.read_text().split():
            if Path(f"/proc/{child}/comm").read_text().strip() == "systemd":
                self.leader = int(child)
        return bool(self.leader)

    def _is_up(self) -> bool:
        state = self.run("systemctl is-system-running", check=False).strip()
        return state in ("running", "degraded")

    def wait(
        self, true: Callable[[], object], what: str, patience: float = PATIENCE_S
    ) -> None:
        """Ask until `true` answers something; end the trial when it never does."""
        until = time.monotonic() + patience
        while not true():
            assert self.nspawn is not None
            if time.monotonic() > until or self.nspawn.poll() is not None:
                log = (self.scratch / "console.log").read_text(errors="replace")
                raise SystemExit(
                    f"deploy/test waits in vain for {what}:\n{log[-2000:]}"
                )
            time.sleep(0.2)

    def run(self, command: str, check: bool = True) -> str:
        """Run a line of shell in it as root; give back all it says."""
        result = subprocess.run(
            ["nsenter", "-t", str(self.leader), "-m", "-u", "-i", "-n", "-p", "-C"]
            + ["-r", "-w", "--", "env", "-i", *self._environment(), "sh", "-c"]
            + [f"cd /root && {command}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if check and result.returncode:
            raise AssertionError(f"$ {command}\n{result.stdout}")
        return result.stdout

    def _environment(self) -> list[str]:
        pip = {k: v for k, v in os.environ.items() if k.startswith("PIP_")}
        if self.is_offline:
            pip = {}
        values = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
            "LANG": "C.UTF-8",
            **pip,
            "PIP_CACHE_DIR": "/var/cache/trial-pip",
        }
        return [f"{name}={value}" for name, value in values.items()]

    def ends(self) -> None:
        """Shut it down and remove it."""
        if self.nspawn is not None and self.nspawn.poll() is None:
            self.nspawn.send_signal(signal.SIGTERM)
            try:
                self.nspawn.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.nspawn.kill()
                self.nspawn.wait()
        shutil.rmtree(self.scratch, ignore_errors=True)


def newest_backup(folder: str = "/var/lib/pst") -> str:
    """Write for a shell: the newest archive, not what lies next to it by its name."""
    return f"$(ls {folder}/backups/pst-* | grep -E '[.]tar[.]gz([.]age)?$' | tail -1)"


def codename() -> str:
    match = re.search(
        r"^VERSION_CODENAME=(\w+)", Path("/etc/os-release").read_text(), re.M
    )
    if not match:
        raise SystemExit("deploy/test: this machine is neither Debian nor Ubuntu.")
    return match[1]


def sources() -> list[Path]:
    """List the files in which this machine names its mirrors."""
    lists = [*APT.glob("sources.list.d/*.sources"), *APT.glob("sources.list.d/*.list")]
    single = APT / "sources.list"
    return [path for path in [single, *lists] if path.exists() and is_system(path)]


def is_system(path: Path) -> bool:
    """Return whether it names mirrors of the system itself, and not another's."""
    return any(re.search(r"/(debian|ubuntu)", address) for address in mirrors(path))


def mirrors(path: Path) -> list[str]:
    text = path.read_text()
    return re.findall(r"(?m)^(?:URIs:|deb(?:\s+\[.*?\])?)\s+(\S+)", text)


def mirror() -> str:
    return mirrors(sources()[0])[0]


def local_indexes() -> list[str]:
    """List the folders of this machine that pip is set to look into."""
    words = " ".join(path.read_text() for path in PIP_FILES if path.exists())
    words += " " + " ".join(v for k, v in os.environ.items() if k.startswith("PIP_"))
    paths = re.findall(r"(?:file://)?(/[\w./-]+)", words)
    folders = {Path(text) for text in paths if Path(text).is_dir()}
    tops = {path.parent if path.name == "simple" else path for path in folders}
    return sorted(str(path) for path in tops if path != Path("/"))
