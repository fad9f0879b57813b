"""`deploy/uninstall`: take the service off the server; the data stay unless asked."""

import sys

from deploy.installer import answers as questions
from deploy.installer import front, offices, places, release, units
from deploy.installer.machine import Failed, has_user, log, remove, run

CONFIRMATION = "hapus semua data"


def uninstall(purges_data: bool, is_sure: bool) -> int:
    """Remove what `install` put here, but for packages."""
    if purges_data and not is_sure:
        confirm()
    neighbours = offices.others()
    units.uninstall(is_last=not neighbours)
    log.changed("services stopped and removed")
    front.uninstall()
    log.changed("nginx: site removed")
    for path in (places.COMMAND, places.CURRENT, places.RUN):
        remove(path)
    if neighbours:
        leave_to(neighbours)
    else:
        remove(places.OPT)
        remove(places.PIP_CACHE.parent)
        log.changed(f"removed {places.OPT}")
    if purges_data:
        purge(is_last=not neighbours)
    else:
        log.same(f"kept: the data in {places.DATA}, the settings in {places.ETC}")
        log.say(
            f"  {offices.command('install')} takes them up again;"
            " --purge-data removes them."
        )
    log.say("  Packages stay: nginx, redis-server, certbot, python3-venv.")
    return 0


def purge(is_last: bool) -> None:
    """Remove this office's data, its settings and its user."""
    if places.ANSWERS.exists():
        front.give_up_certificate(questions.read(places.ANSWERS)["domain"])
    for path in (places.DATA, places.ETC, *([places.CHALLENGES] if is_last else [])):
        remove(path)
    if has_user():
        run("userdel", places.USER, check=False)
    log.changed(f"removed {places.DATA} and {places.ETC}, backups and all")


def leave_to(neighbours: list[str]) -> None:
    """Leave what is shared to the other offices; one of them takes strangers now."""
    release.prune()
    names = ", ".join(map(offices.called, neighbours))
    log.same(f"kept for {names}: the versions in {places.OPT} that they use")
    if any(offices.run_for(n, "site", tree=offices.version_of(n)) for n in neighbours):
        log.warn("a site of another office could not be written; see above")


def confirm() -> None:
    """Ask for words that no one types by mistake."""
    if not sys.stdin.isatty():
        raise Failed("--purge-data removes every conversation: add --yes to be sure.")
    reply = input(f"Type '{CONFIRMATION}' to remove all data and backups: ")
    if reply.strip() != CONFIRMATION:
        raise Failed("nothing was removed.")
