"""`deploy/uninstall`: take the service off the server; the data stay unless told."""

import sys

from deploy.installer import answers as questions
from deploy.installer import front, places, units
from deploy.installer.machine import Failed, has_user, log, remove, run

CONFIRMATION = "hapus semua data"


def uninstall(purges_data: bool, is_sure: bool) -> int:
    """Remove what `install` put here, but for packages."""
    if purges_data and not is_sure:
        confirm()
    units.uninstall()
    log.changed("services stopped and removed")
    front.uninstall()
    log.changed("nginx: site removed")
    for path in (places.COMMAND, places.OPT, places.RUN, places.PIP_CACHE.parent):
        remove(path)
    log.changed(f"removed {places.OPT}")
    if purges_data:
        if places.ANSWERS.exists():
            front.give_up_certificate(questions.read(places.ANSWERS)["domain"])
        for path in (places.DATA, places.ETC, places.CHALLENGES):
            remove(path)
        if has_user():
            run("userdel", places.USER, check=False)
        log.changed(f"removed {places.DATA} and {places.ETC}, backups and all")
    else:
        log.same(f"kept: the data in {places.DATA}, the settings in {places.ETC}")
        log.say("  deploy/install takes them up again; --purge-data removes them.")
    log.say("  Packages stay: nginx, redis-server, certbot, python3-venv.")
    return 0


def confirm() -> None:
    """Ask for words that nobody types by mistake."""
    if not sys.stdin.isatty():
        raise Failed("--purge-data removes every conversation: add --yes to be sure.")
    said = input(f"Type '{CONFIRMATION}' to remove all data and backups: ")
    if said.strip() != CONFIRMATION:
        raise Failed("nothing was removed.")
