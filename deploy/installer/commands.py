"""Which words lead where: `deploy/install` and its like, and `pst` on the server."""

import argparse
import subprocess
from pathlib import Path

from deploy.installer import answers as questions
from deploy.installer import (
    backup_key,
    check,
    data,
    front,
    install,
    offices,
    places,
    release,
    settings,
    uninstall,
    units,
    upgrade,
)
from deploy.installer.machine import Failed, fail, log, replace_as_user

HELP = """\
pst status            what runs, which version, and whether all is well
pst log [-f]          what the service says (journalctl)
pst start|stop
pst restart           also takes up what was changed in SETTINGS
pst offices           the offices on this server; `pst --office NAME …` is about one
pst restore FILE [--identity KEY]   put a backup back; the present data are kept aside
pst restore-copy [--at MOMENT] [--identity KEY]   the same, from the continuous copy
pst upgrade SOURCE    to the version in a folder or .tar.gz
pst uninstall         see deploy/uninstall
pst backup create|list|verify FILE|export FILE|nightly|tidy
pst accounts create|invite EMAIL --name NAME --role officer|head|admin
pst jobs run NAME     and every other command of the application: pst --help
"""


def main(words: list[str]) -> int:
    """Do what the words say; tell in one sentence what went wrong."""
    name, *rest = words or ["help"]
    try:
        return OURS[name](rest) if name in OURS else application(words)
    except Failed as error:
        return fail(error)
    except KeyboardInterrupt:
        return 130
    except EOFError:
        return fail(Failed("no answer; nothing more was done."))


def _install(words: list[str]) -> int:
    parser = argparse.ArgumentParser("deploy/install")
    parser.add_argument("--answers", type=Path, help="see deploy/answers.example")
    parser.add_argument("--yes", action="store_true", help="take the defaults")
    options = parser.parse_args(words)
    return install.install(options.answers, options.yes)


def _upgrade(words: list[str]) -> int:
    parser = argparse.ArgumentParser("deploy/upgrade")
    parser.add_argument("source", type=Path, nargs="?", default=places.SOURCE)
    source = parser.parse_args(words).source.resolve()
    if places.IS_CHOSEN or offices.installed() in ([], [places.OFFICE]):
        return upgrade.upgrade(source)
    return upgrade.upgrade_all(source)


def _uninstall(words: list[str]) -> int:
    parser = argparse.ArgumentParser("deploy/uninstall")
    parser.add_argument("--purge-data", action="store_true")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    options = parser.parse_args(words)
    return uninstall.uninstall(options.purge_data, options.yes)


def _restore(words: list[str]) -> int:
    parser = argparse.ArgumentParser("pst restore")
    parser.add_argument("file", type=Path)
    parser.add_argument("--identity", type=Path)
    options = parser.parse_args(words)
    for path in filter(None, (options.file, options.identity)):
        if not path.is_file():
            raise Failed(f"There is no file {path}.")
    version = in_use()
    identity = backup_key.identity_for(options.file, options.identity)
    units.hold()
    try:
        log.say(data.restore(version, options.file, identity))
    finally:
        units.let_go()
    return _status([])


def _restore_copy(words: list[str]) -> int:
    parser = argparse.ArgumentParser("pst restore-copy")
    parser.add_argument("--at", help="a moment, as 2026-03-02T10:15; else the newest")
    parser.add_argument("--identity", type=Path, default=places.BACKUP_KEY)
    options = parser.parse_args(words)
    if not options.identity.is_file():
        raise Failed(f"There is no key file {options.identity}: --identity KEY")
    version = in_use()
    units.hold()
    try:
        log.say(data.restore_copy(version, options.identity, options.at))
    finally:
        units.let_go()
    return _status([])


def _status(words: list[str]) -> int:
    version = in_use()
    log.say(f"version {version.name}, at {settings.read()['PST_BASE_URL']}")
    for unit in units.services():
        kilobytes = units.state(unit, "MemoryCurrent")
        size = f"{int(kilobytes) // 1024**2} MB" if kilobytes.isdigit() else ""
        log.say(f"  {units.state(unit, 'ActiveState'):10} {unit:24} {size}")
    ports = {"http_port": "80", "https_port": "443"}
    return 0 if check.everything(ports | settings.known_answers()) else 1


def _log(words: list[str]) -> int:
    names = [path.name for path in places.UNITS.glob("pst-*.service")]
    names += units.services()
    which = [word for name in names if units.is_ours(name) for word in ("-u", name)]
    return subprocess.run(["journalctl", *which, "-n", "200", *words]).returncode


def _start(words: list[str]) -> int:
    log.put(units.start(), "started" if units.services() else "nothing to start")
    return 0


def _stop(words: list[str]) -> int:
    units.stop()
    log.changed(f"stopped; `{places.NAME} start` starts it")
    return 0


def _restart(words: list[str]) -> int:
    """Begin again with the settings there are: they decide what units may do, too."""
    zone = settings.known_answers()["time_zone"]
    units.install(in_use(), settings.read(), zone)
    units.restart()
    log.changed("restarted")
    return 0


def _site(words: list[str]) -> int:
    """Write the site again: whether it takes strangers, its neighbours decide."""
    front.install(in_use(), questions.settle({}, settings.known_answers()))
    return 0


def _offices(words: list[str]) -> int:
    for name in offices.installed():
        url = settings.read(offices.settings_of(name)).get("PST_BASE_URL", "?")
        log.say(f"{offices.called(name):20} {offices.version_of(name).name:18} {url}")
    return 0


def _help(words: list[str]) -> int:
    log.say(HELP.replace("SETTINGS", str(places.SETTINGS)))
    return 0


def application(words: list[str]) -> int:
    """Run a command of the application, as the service and with its settings."""
    return replace_as_user(settings.read(), in_use(), "-m", "flask", *words)


def in_use() -> Path:
    version = release.current()
    if version is None:
        raise Failed(f"PST is not installed here: sudo {offices.command('install')}")
    return version


OURS = {
    "install": _install,
    "upgrade": _upgrade,
    "uninstall": _uninstall,
    "restore": _restore,
    "restore-copy": _restore_copy,
    "status": _status,
    "log": _log,
    "start": _start,
    "stop": _stop,
    "restart": _restart,
    "site": _site,
    "offices": _offices,
    "help": _help,
}
