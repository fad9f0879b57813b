"""`deploy/upgrade`: to another version, or back by itself; no request is lost.

First everything that can fail is tried next to the running service: the new version is
built, the data are backed up, and a copy of them is migrated and served. Only then do
requests wait, in the socket that systemd holds, while the data are migrated and
the processes are replaced.
"""

import time
from pathlib import Path

from deploy.installer import answers as questions
from deploy.installer import (
    check,
    data,
    front,
    offices,
    places,
    release,
    settings,
    units,
)
from deploy.installer.answers import Answers
from deploy.installer.machine import Failed, log, remove, try_all


def upgrade(source: Path) -> int:
    """Bring the service to the version in `source`."""
    old = release.current()
    if old is None or not places.ANSWERS.exists():
        raise Failed(f"PST is not installed here: sudo {offices.command('install')}")
    data.refuse_another_engine()
    answers = questions.settle({}, settings.known_answers())
    with release.unpacked(source) as tree:
        if release.name_of(tree) == old.name:
            log.same(f"version {old.name} is in use already")
            return 0
        data.room_for_upgrade()
        log.changed(f"backup: {data.back_up(old)}")
        new = release.place(tree)
    try:
        data.rehearse(new)
    except Failed as error:
        raise Failed(
            f"{new.name} was tried on a copy of the data and did not work, so nothing"
            f" was changed; {old.name} serves on.\n{error}"
        ) from error
    log.same("tried on a copy of the data: it migrates and serves")
    change(old, new, answers)
    release.prune(keep=old)
    log.say(f"\n{old.name} → {new.name}. To go back: {places.NAME} upgrade {old}")
    return 0


def upgrade_all(source: Path) -> int:
    """Bring every office to the version in `source`; the first that fails ends it."""
    names = offices.installed()
    with release.unpacked(source) as tree:
        for place, name in enumerate(names):
            log.say(f"\n== {offices.called(name)}")
            if offices.run_for(name, "upgrade", tree):
                rest = ", ".join(map(offices.called, names[place:]))
                raise Failed(f"not upgraded: {rest}.")
    return 0


def change(old: Path, new: Path, answers: Answers) -> None:
    """Replace `old` by `new`; when that does not end well, replace it back."""
    began = time.monotonic()
    copy = places.DATA / f"before-{new.name}.sqlite3"
    units.hold()
    try:
        before = data.revision(old)
        data.tool(old, "copy", data.DATABASE, copy)
        data.make_ready(new, answers)
        log.changed(f"migrated: {before} → {data.revision(new)}")
    except Failed as error:
        data.tool(old, "put", copy, data.DATABASE)
        units.let_go()
        raise Failed(
            f"the data could not be migrated and are as before; {old.name} serves on."
            f"\n{error}"
        ) from error
    try:
        settle(new)
        log.changed(f"requests waited {time.monotonic() - began:.0f} s")
        front.install(new, answers)
        log.say("\nThrough the front door:")
        if not check.everything(answers):
            raise Failed(f"{new.name} is not well.")
    except (Failed, OSError) as error:
        log.say(f"\n{error}\nGoing back to {old.name} …")
        go_back(old, new, answers, before, copy)
    remove(copy)


def settle(version: Path) -> None:
    """Serve this version: its own installer knows which units it has."""
    release.use(version)
    units.let_pass()
    if offices.run_for(places.OFFICE, "restart", tree=version):
        raise Failed(f"{version.name} does not start.")


def go_back(old: Path, new: Path, answers: Answers, before: str, copy: Path) -> None:
    """Serve `old` again, if possible with all that people wrote since."""
    units.hold()
    words = give_data_back(old, new, before, copy)
    wrong = try_all(
        [
            lambda: settle(old),
            lambda: front.install(old, answers),
        ]
    )
    log.say("\nThrough the front door:")
    is_well = check.everything(answers) and not wrong
    raise Failed(
        f"{new.name} was not well; {old.name} serves again. {words}"
        if is_well
        else f"{new.name} was not well, and {old.name} is not either: "
        + "; ".join([*wrong, words])
    )


def give_data_back(old: Path, new: Path, before: str, copy: Path) -> str:
    """Put the database back as `old` knows it; return how."""
    if data.revision(new) == before:
        return "The data were not changed by the migration; nothing is lost."
    try:
        data.flask(new, "db", "downgrade", before)
        if data.revision(old) == before:
            return "The migration was taken back; nothing written since is lost."
    except Failed as error:
        log.say(f"  {error}")
    aside = places.DATA / f"failed-{new.name}-{data.stamp()}.sqlite3"
    data.tool(old, "copy", data.DATABASE, aside)
    data.tool(old, "copy", copy, f"{copy}.again")
    data.tool(old, "put", f"{copy}.again", data.DATABASE)
    return f"The data are as before the upgrade; what was written since is in {aside}."
