"""Do things to the machine, once: say what changed and what was right already."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from deploy.installer.places import USER


class Failed(Exception):
    """Something that cannot go on; its text says what, and what to do."""


class Log:
    """What is printed while it happens, and how much was changed."""

    def __init__(self) -> None:
        self.changes = 0
        self.warnings: list[str] = []

    def changed(self, text: str) -> None:
        self.changes += 1
        print(f"+ {text}", flush=True)

    def same(self, text: str) -> None:
        print(f"= {text}", flush=True)

    def say(self, text: str = "") -> None:
        print(text, flush=True)

    def warn(self, text: str) -> None:
        self.warnings.append(text)
        print(f"! {text}", flush=True)

    def put(self, is_new: bool, text: str) -> bool:
        """Report something that is now as it should be; return whether it changed."""
        (self.changed if is_new else self.same)(text)
        return is_new


log = Log()


def run(*words: str | Path, check: bool = True, **options: object) -> str:
    """Run a program; give back what it says, or raise `Failed` with its last words."""
    how = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True}
    try:
        result = subprocess.run([str(word) for word in words], **{**how, **options})
    except subprocess.TimeoutExpired as error:
        raise Failed(f"{' '.join(map(str, words[:6]))} takes too long.") from error
    if check and result.returncode:
        lines = (result.stdout + result.stderr).strip().splitlines()
        last = "\n  ".join(lines[-15:])
        raise Failed(f"{' '.join(map(str, words[:6]))} failed:\n  {last}")
    return result.stdout


def works(*words: str | Path) -> bool:
    """Return whether a program ends well."""
    return not subprocess.run(
        [str(word) for word in words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ).returncode


def write(path: Path, text: str, mode: int = 0o644) -> bool:
    """Write exactly `text` to `path`; return whether anything had to be changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    is_right = path.is_file() and path.read_text() == text
    if is_right and path.stat().st_mode & 0o777 == mode:
        return False
    fresh = path.with_name(f".{path.name}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "w") as file:
        os.fchmod(handle, mode)
        file.write(text)
        file.flush()
        os.fsync(handle)
    os.replace(fresh, path)
    return True


def link(path: Path, target: Path) -> bool:
    """Let `path` lead to `target`, changed in one step."""
    if path.is_symlink() and os.readlink(path) == str(target):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    os.replace(fresh, path)
    return True


def folder(path: Path, mode: int = 0o755, owner: str | None = None) -> bool:
    """Make a folder with this mode and owner."""
    is_new = not path.is_dir()
    path.mkdir(parents=True, exist_ok=True)
    user = pwd.getpwnam(owner) if owner else None
    rights = (mode, user.pw_uid, user.pw_gid) if user else (mode, 0, 0)
    stat = path.stat()
    if (stat.st_mode & 0o777, stat.st_uid, stat.st_gid) == rights:
        return is_new
    os.chown(path, rights[1], rights[2])
    path.chmod(mode)
    return True


def remove(path: Path) -> bool:
    """Leave nothing at `path`."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)
    else:
        return False
    return True


def has_user() -> bool:
    try:
        pwd.getpwnam(USER)
    except KeyError:
        return False
    return True


def as_user(
    env: Mapping[str, str], release: Path, *words: str, **options: object
) -> str:
    """Run the Python of `release` as the service's user, with its settings."""
    return run(*command_as_user(release, *words), **_options(env, release, options))


def replace_as_user(env: Mapping[str, str], release: Path, *words: str) -> int:
    """Run it for the person at the terminal, and give back how it ended."""
    command = command_as_user(release, *words)
    options = _options(env, release, {})
    return subprocess.run(command, env=options["env"], cwd=options["cwd"]).returncode


def command_as_user(release: Path, *words: str) -> list[str]:
    who = [f"--reuid={USER}", f"--regid={USER}", "--init-groups"]
    return ["setpriv", *who, str(release / ".venv/bin/python"), *words]


def _options(env: Mapping[str, str], release: Path, more: dict) -> dict:
    language = {
        name: os.environ[name] for name in ("LANG", "TERM") if name in os.environ
    }
    base = {"PATH": "/usr/bin:/bin", "FLASK_APP": "wsgi", "HOME": "/nonexistent"}
    return {"env": {**base, **language, **env}, "cwd": release, **more}


def try_all(attempts: list[Callable[[], object]]) -> list[str]:
    """Do each, also when one before it failed; give back what went wrong."""
    wrong = []
    for attempt in attempts:
        try:
            attempt()
        except (Failed, OSError) as error:
            wrong.append(str(error))
    return wrong


def fail(error: Failed) -> int:
    print(f"\npst: {error}", file=sys.stderr, flush=True)
    return 1
