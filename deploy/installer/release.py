"""Versions of the application, each in a folder of its own with its own environment."""

import hashlib
import os
import shutil
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.installer import offices, places, wheels
from deploy.installer.machine import Failed, link, log, remove, run

# What the server needs of the source; tests and measurements stay at home.
SHIPPED = (
    *("pst", "migrations", "deploy", "docs", "bin"),
    *("serve.py", "wsgi.py", "worker.py", "scheduler.py", "copier.py"),
    *("prefork.py", "sd_notify.py", "given_socket.py"),
    *("pyproject.toml", "requirements.lock", "requirements-postgresql.lock"),
    *("requirements-cluster.lock", "requirements-copy.lock"),
    *("README.md", "LICENSE", "CHANGELOG.md", "SECURITY.md"),
)
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")
BUILD, COMPLETE = "BUILD", ".complete"
KEPT = 3  # versions, the current one of a server's only office among them


def files_of(source: Path) -> list[Path]:
    """List what is shipped of a source tree, in a fixed order."""
    files: list[Path] = []
    for name in SHIPPED:
        top = source / name
        if top.is_file():
            files.append(top)
        for folder, folders, names in os.walk(top):
            ignored = LEFT_OUT(folder, [*folders, *names])
            folders[:] = sorted(set(folders) - ignored)
            files += [Path(folder) / each for each in sorted(set(names) - ignored)]
    return files


def name_of(source: Path) -> str:
    """Name a version by its number and what is in it: the same twice, the same name."""
    digest = hashlib.sha256()
    for path in files_of(source):
        digest.update(f"{path.relative_to(source)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    try:
        project = tomllib.loads((source / "pyproject.toml").read_text())["project"]
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise Failed(f"{source} does not hold PST: {error}.") from error
    return f"{project['version']}-{digest.hexdigest()[:10]}"


def place(source: Path) -> Path:
    """Put the version that `source` holds next to the others; not yet in use."""
    name = name_of(source)
    target = places.VERSIONS / name
    if (target / COMPLETE).exists():
        if (target / COMPLETE).read_text() == python_version():
            log.same(f"version {name} is in {target}")
            return target
        log.say(f"  building {name} again: the system has another Python …")
    else:
        log.say(f"  copying version {name} and what it is built of …")
    os.umask(0o022)
    if source.resolve() != target:
        remove(target)
        copy(source, target)
        (target / BUILD).write_text(f"{name}\n")
    remove(target / COMPLETE)
    remove(target / ".venv")
    wheels.keep(source)
    make_environment(target)
    (target / COMPLETE).write_text(python_version())
    log.changed(f"version {name} is in {target}")
    return target


def copy(source: Path, target: Path) -> None:
    for path in files_of(source):
        fresh = target / path.relative_to(source)
        fresh.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, fresh)
        fresh.chmod(0o755 if os.access(path, os.X_OK) else 0o644)


def make_environment(target: Path) -> None:
    """Install what the lock names, and nothing that has another hash."""
    python = target / ".venv/bin/python"
    if (alike := with_same_lock(target)) is not None:
        run("cp", "-a", "--reflink=auto", alike / ".venv", target / ".venv")
        drop_scripts(target / ".venv/bin")
        compile_code(target)
        return
    run("python3", "-m", "venv", target / ".venv")
    wheels.install(python, target / "requirements.lock")
    compile_code(target)


def compile_code(target: Path) -> None:
    """Make the byte code now: the service may not write here."""
    python, tops = target / ".venv/bin/python", target.glob("*.py")
    run(python, "-m", "compileall", "-q", *tops, target / "pst")


def with_same_lock(target: Path) -> Path | None:
    """Find a version that is built of exactly the same, by the same Python."""
    lock = (target / "requirements.lock").read_bytes()
    for mark in places.VERSIONS.glob(f"*/{COMPLETE}"):
        there = mark.parent / "requirements.lock"
        if there.read_bytes() == lock and mark.read_text() == python_version():
            return mark.parent
    return None


def python_version() -> str:
    """Return what an environment is bound to: 3.11, say."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    return run("python3", "-c", code).strip()


def drop_scripts(folder: Path) -> None:
    """Remove the scripts that name the folder they were made in; none is used."""
    for path in folder.iterdir():
        if not path.is_symlink():
            remove(path)


def current() -> Path | None:
    """Return which version is in use."""
    return places.CURRENT.resolve() if places.CURRENT.exists() else None


def use(target: Path) -> bool:
    """Let the next start of each process take this version."""
    return log.put(link(places.CURRENT, target), f"in use: {target.name}")


def prune(keep: Path | None = None) -> None:
    """Drop the oldest versions, never `keep` nor one that an office uses."""
    versions = sorted(places.VERSIONS.iterdir(), key=lambda v: v.stat().st_mtime)
    in_use = {offices.version_of(name) for name in offices.installed()}
    spare = [v for v in versions if v not in in_use | {keep}]
    for old in spare[: max(0, len(versions) - KEPT)]:
        remove(old)
        log.changed(f"removed the old version {old.name}")


@contextmanager
def unpacked(source: Path) -> Iterator[Path]:
    """Give the folder that `source` is, or that the archive `source` holds."""
    if source.is_dir():
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="pst-source-", dir="/var/tmp") as scratch:
        try:
            with tarfile.open(source) as archive:
                archive.extractall(scratch, filter="data")
        except (OSError, tarfile.TarError) as error:
            raise Failed(f"{source} is no folder and no .tar.gz: {error}") from error
        folders = [path.parent for path in Path(scratch).glob("**/serve.py")]
        if not folders:
            raise Failed(f"{source} does not hold PST.")
        yield min(folders, key=lambda path: len(path.parts))
