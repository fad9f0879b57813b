"""What is done to the data: made ready, backed up, put back; always as the service.

The folder of the data belongs to the service's user. An attacker who is that user
could put links there that lead elsewhere; so root neither reads, writes nor hands
over in it.
"""

import json
import shutil
import tempfile
import time
from pathlib import Path

from deploy.installer import places, settings
from deploy.installer.answers import Answers
from deploy.installer.machine import Failed, as_user, log, run

DATABASE = places.DATA / "pst.sqlite3"
TOOL = "deploy/installer/database.py"
CAN_READ = """
import pathlib, sys
[p.open().close() for p in pathlib.Path(sys.argv[1]).rglob("*") if p.is_file()]
"""
SHIPPED_OFFICE = "pst/data/office_banjarnegara.json"


def refuse_another_engine() -> None:
    """Raise `Failed` when the data are not in the file that an upgrade copies."""
    if settings.read().get("PST_DATABASE_URL", "").startswith("postgresql"):
        raise Failed(
            "The database is PostgreSQL, which this does not upgrade;"
            " docs/postgresql.md says how."
        )


def flask(release: Path, *words: str, input: str | None = None, **more: str) -> str:
    """Run a command of the application; `more` are settings for this once."""
    env = {**settings.read(), **more}
    how = {"input": input, "stdin": None} if input is not None else {}
    return as_user(env, release, "-m", "flask", *words, **how)


def tool(release: Path, *words: str | Path) -> str:
    """Run one of the copies that `database.py` makes."""
    return as_user({}, release, TOOL, *map(str, words)).strip()


def make_ready(release: Path, answers: Answers) -> bool:
    """Migrate, and load what a new office begins with; say whether it is new."""
    is_new = not DATABASE.exists()
    office = json.dumps(office_of(release, answers))
    flask(release, "prepare", "--office", "-", input=office)
    return is_new


def office_of(release: Path, answers: Answers) -> dict[str, str]:
    """Return the facts of a new office: all we know of it, and nothing of another's."""
    office = json.loads((release / SHIPPED_OFFICE).read_text())
    facts = office if office["office_name"] == answers["office_name"] else {}
    return {
        **facts,
        "office_name": answers["office_name"],
        "timezone": answers["time_zone"],
    }


def back_up(release: Path) -> str:
    """Make a verified backup; give back its name."""
    return flask(release, "backup", "create").strip().splitlines()[-1]


def has_backup() -> bool:
    folder = settings.read().get("PST_BACKUP_DIR") or places.DATA / "backups"
    return any(Path(folder).glob("pst-*.json"))


def revision(release: Path) -> str:
    return tool(release, "revision", DATABASE)


def rehearse(release: Path) -> None:
    """Let `release` migrate and serve a copy of the data, while people are served."""
    scratch = places.DATA / ".rehearsal"
    tool(release, "empty", scratch)
    try:
        tool(release, "copy", DATABASE, scratch / DATABASE.name)
        aside = {"PST_DATA_DIR": str(scratch), "PST_REDIS_URL": "", "PST_MAIL_URL": ""}
        flask(release, "prepare", **aside)
        as_user({**settings.read(), **aside}, release, "serve.py", "try")
        as_user({**settings.read(), **aside}, release, "-c", "import scheduler, worker")
    finally:
        tool(release, "drop", scratch)


def restore(release: Path, archive: Path, identity: Path | None) -> str:
    """Put a backup in the place of the data, and take its secret with it.

    The service must be held. What was there is kept aside.
    """
    words = ["backup", "restore", "--yes"]
    # Where the service may read and no one but root may change anything.
    with tempfile.TemporaryDirectory(prefix="pst-restore-", dir="/var/lib") as name:
        scratch = Path(name)
        shutil.chown(scratch, group=places.USER)
        scratch.chmod(0o750)
        copies = [scratch / path.name for path in filter(None, (archive, identity))]
        for path, copy in zip(filter(None, (archive, identity)), copies, strict=True):
            run("install", "-m", "640", "-g", places.USER, path, copy)
        if identity:
            words += ["--identity", str(copies[1])]
        words += attachments_next_to(release, archive, scratch)
        output = flask(release, *words, str(copies[0]))
    take_secret(release)
    return output.replace(" Now start the service.", "")


def restore_copy(release: Path, identity: Path, moment: str | None) -> str:
    """Put the continuous copy in the place of the data, as `restore` does a backup."""
    words = ["copy", "restore", "--replace", *(["--at", moment] if moment else [])]
    with tempfile.TemporaryDirectory(prefix="pst-restore-", dir="/var/lib") as name:
        scratch = Path(name)
        shutil.chown(scratch, group=places.USER)
        scratch.chmod(0o750)
        key = scratch / identity.name
        run("install", "-m", "640", "-g", places.USER, identity, key)
        output = flask(release, *words, "--identity", str(key))
    take_secret(release)
    return output.replace(" Now start the service.", "")


def attachments_next_to(release: Path, archive: Path, scratch: Path) -> list[str]:
    """Let the service read what `archive` names: where it lies, or copied here."""
    folder = archive.resolve().parent / "files"
    if not folder.is_dir():
        return []
    try:
        as_user({}, release, "-c", CAN_READ, str(folder))
    except Failed:
        run("cp", "-r", "--no-dereference", folder, scratch / "files")
        run("chgrp", "-R", places.USER, scratch / "files")
        run("chmod", "-R", "u=rwX,g=rX,o=", scratch / "files")
        return []
    return ["--files", str(folder.parent)]


def take_secret(release: Path) -> None:
    """Use the secret that came with a backup: what it signed stays valid."""
    secret = tool(release, "secret", places.DATA / "secret_key")
    env = settings.read()
    if secret and secret != env.get("PST_SECRET_KEY"):
        log.put(settings.save({**env, "PST_SECRET_KEY": secret}), "the backup's secret")


def room_for_upgrade() -> None:
    """Raise `Failed` when the disk might fill: backup, rehearsal and copy."""
    size = sum(p.stat().st_size for p in places.DATA.glob("pst.sqlite3*"))
    size += sum(p.stat().st_size for p in places.DATA.glob("a*/**/*") if p.is_file())
    free, room = shutil.disk_usage(places.DATA).free, 4 * size + 600_000_000
    if free < room:
        raise Failed(
            f"{places.DATA} has {free // 10**6} MB free; an upgrade may need"
            f" {room // 10**6} MB. Nothing was changed."
        )


def invite(release: Path, answers: Answers) -> str:
    """Make the first admin's account; give back its link, or "" if there is."""
    words = ["--name", answers["admin_name"], "--role", "admin", "--first"]
    return flask(release, "accounts", "invite", answers["admin_email"], *words).strip()


def stamp() -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
