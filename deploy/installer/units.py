"""The units of systemd: written from `deploy/units`, enabled, started, looked at.

Those of the first office are called `pst-web.service`, those of another one
`pst-web@banjarnegara.service`, each in a file of its own: so one office can have
another version than its neighbour. In the unit of the web server run workers and
scheduler, too (`prefork.py`); an older version had units of their own for them.
"""

import os
import re
import runpy
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

from deploy.installer import places, wheels
from deploy.installer.machine import Failed, log, remove, run, works, write

PATIENCE_S = 150  # longer than the web unit may take to stop
DROP_IN = "pst-.service.d.conf"
COPIER = "pst-copy.service"  # only where PST_COPY_URL is set

PLACES = {
    "TITLE": f"PST {places.OFFICE}".strip(),
    "INSTANCE": places.INSTANCE,
    "USER": places.USER,
    "SETTINGS": str(places.SETTINGS),
    "CURRENT": str(places.CURRENT),
    "DATA": str(places.DATA),
    "STATE": places.DATA.name,
    "HOLD": str(places.HOLD),
    "WEB_SOCKET": str(places.WEB_SOCKET),
    "REDIS_SOCKET": str(places.REDIS_SOCKET),
    "REDIS_RUN": places.REDIS_RUN,
}


def unit(kind: str, ending: str = "service") -> str:
    """Name a unit of this office."""
    return f"pst-{kind}{places.INSTANCE}.{ending}"


REDIS, WEB, SOCKET = unit("redis"), unit("web"), unit("web", "socket")
COPY = unit("copy")
TIMERS = (unit("backup", "timer"), unit("watch", "timer"))


def is_ours(name: str) -> bool:
    """Return whether a unit is this office's; the workers of old have a number, too."""
    instance = name.partition("@")[2].partition(".")[0]
    if not places.OFFICE:
        return not instance or instance.isdigit()
    return re.fullmatch(rf"{places.OFFICE}(-[0-9]+)?", instance) is not None


def layout_of(release: Path, env: dict[str, str]) -> object:
    """Ask the version's own process layout what this machine should run."""
    here = runpy.run_path(str(release / "pst/server/process_sizing.py"))["here"]
    processes = env.get("PST_WEB_PROCESSES", "")
    return here(int(processes) if processes.isdigit() else None)


def rendered(
    release: Path, env: dict[str, str], time_zone: str, layout: object
) -> dict[Path, str]:
    """Write each unit for this machine: path → text."""
    memory = dict(layout.memory_mb)  # type: ignore[attr-defined]
    values = {
        **{f"{name.upper()}_MEMORY": str(mb) for name, mb in memory.items()},
        **PLACES,
        "TIME_ZONE": time_zone,
        "WRITE_PATHS": write_paths(env),
    }
    texts = {}
    for path in sorted((release / "deploy/units").glob("pst-*")):
        if path.name == COPIER and not env.get("PST_COPY_URL"):
            continue
        text = fill(path.read_text(), values)
        if path.name == DROP_IN:
            hardening = text
        else:
            name = f"{path.stem}{places.INSTANCE}{path.suffix}"
            texts[places.UNITS / name] = text
    return texts | {path: hardening for path in drop_ins(list(texts))}


def drop_ins(units: list[Path]) -> list[Path]:
    """Return where what all services have in common belongs.

    The first office's file is for every `pst-…` service. That of another office has
    the same name in a folder that names a service, and so it takes that one's place
    (systemd.unit(5)).
    """
    folders = ["pst-.service.d"]
    if places.OFFICE:
        folders = [f"{path.name}.d" for path in units if path.suffix == ".service"]
    return [places.UNITS / folder / "hardening.conf" for folder in folders]


def fill(text: str, values: dict[str, str]) -> str:
    """Put the values in place of `@NAME@`; a name without a value is a fault."""
    return re.sub(r"@([A-Z][A-Z0-9_]*)@", lambda found: values[found[1]], text)


def write_paths(env: dict[str, str]) -> str:
    """Return where, besides its data, the service may write; missing is no fault."""
    copy = env.get("PST_COPY_URL", "")
    mounted = unquote(urlsplit(copy).path) if copy.startswith("file:") else None
    folders = (env.get("PST_BACKUP_DIR"), env.get("PST_BACKUP_COPY_DIR"), mounted)
    paths = [f'"-{path}"' if " " in path else f"-{path}" for path in folders if path]
    return " ".join(paths) or f"-{places.DATA}"


def install(release: Path, env: dict[str, str], time_zone: str) -> bool:
    """Put the units of `release` in place, enabled; return whether any changed."""
    texts = rendered(release, env, time_zone, layout_of(release, env))
    fresh = [path for path, text in texts.items() if write(path, text)]
    names = {path.name for path in texts}
    stale = [path for path in ours() if not path.is_dir() and path.name not in names]
    for path in stale:
        run("systemctl", "disable", "--now", "-q", path.name, check=False)
    for path in stale:
        fresh.append(path)
        remove(path)
        remove(path.with_name(f"{path.name}.d"))
    summary = ", ".join(dict.fromkeys(path.name for path in fresh))
    if log.put(bool(fresh), f"units: {summary}" if fresh else "units of systemd"):
        run("systemctl", "daemon-reload")
    units = [REDIS, SOCKET, WEB, *TIMERS]
    if env.get("PST_COPY_URL"):
        wheels.have_copy_programs(release)
        units.append(COPY)
    off = [unit for unit in units if not works("systemctl", "is-enabled", "-q", unit)]
    if off:
        run("systemctl", "enable", "-q", *off)
    journal = (release / "deploy/units/journald.conf").read_text()
    if log.put(write(places.JOURNAL, journal), "limits of the log (journald)"):
        run("systemctl", "restart", "systemd-journald.service")
    return bool(fresh)


def ours() -> list[Path]:
    """List what is here of this office: first what is enabled, then the units."""
    paths = [*places.UNITS.glob("*.wants/pst-*"), *places.UNITS.glob("pst-*")]
    return [path for path in paths if is_ours(path.name)]


def services() -> list[str]:
    """Name the units that are enabled here, Redis first."""
    links = sorted(places.UNITS.glob("multi-user.target.wants/pst-*.service"))
    names = [path.name for path in links if is_ours(path.name)]
    return sorted(names, key=lambda name: name != REDIS)


def timers() -> list[str]:
    """Name the timers that are here: an older version had fewer."""
    return [name for name in TIMERS if (places.UNITS / name).exists()]


def all_but_web() -> list[str]:
    return [name for name in services() if name not in (REDIS, WEB)]


def start() -> bool:
    """Start what does not run; say whether anything had to be started."""
    units = [REDIS, SOCKET, *services(), *timers()]
    down = [unit for unit in units if not is_active(unit)]
    if down:
        run("systemctl", "start", *dict.fromkeys(down))
    return bool(down)


def restart() -> None:
    """Replace the processes; requests wait in that time."""
    run("systemctl", "start", REDIS, SOCKET, *timers())
    units = [name for name in services() if name != REDIS]
    run("systemctl", "restart", *units, timeout=PATIENCE_S)


def stop() -> None:
    """Stop serving altogether: requests are refused until `start`."""
    run("systemctl", "stop", SOCKET, *timers(), *reversed(services()))


def hold() -> None:
    """Stop what serves and works; requests wait until `let_go`.

    The web server's unit is asked to start again at once, and waits before it does.
    """
    places.RUN.mkdir(exist_ok=True)
    places.HOLD.touch()
    run("systemctl", "stop", *timers(), *all_but_web())
    run("systemctl", "restart", "--no-block", WEB)
    until = time.monotonic() + PATIENCE_S
    while state(WEB, "SubState") != "start-pre":
        if time.monotonic() > until:
            raise Failed("the web server does not stop.")
        time.sleep(0.1)


def let_pass() -> None:
    """Let the web server's unit start, also where it waits since `hold`."""
    places.HOLD.unlink(missing_ok=True)


def let_go() -> None:
    """Start what `hold` stopped, in the version that is in use now."""
    let_pass()
    run("systemctl", "start", *services(), *timers(), timeout=PATIENCE_S)


def state(unit: str, name: str) -> str:
    return run("systemctl", "show", "-P", name, unit).strip()


def is_active(unit: str) -> bool:
    return works("systemctl", "is-active", "-q", unit)


def version_running() -> str:
    """Return which version the web server that runs now was started from."""
    pid = state(WEB, "MainPID")
    try:
        return Path(os.readlink(f"/proc/{pid}/cwd")).name
    except OSError:
        return "none"


def uninstall(is_last: bool) -> None:
    """Take this office's units away, and with the last one the limits of the log."""
    paths = ours()
    names = {path.name for path in paths if path.is_symlink()}
    names |= {timer.replace(".timer", ".service") for timer in timers()}
    run("systemctl", "disable", "--now", "-q", *sorted(names), check=False)
    for path in [*paths, *([places.JOURNAL] if is_last else [])]:
        remove(path)
    run("systemctl", "daemon-reload")
