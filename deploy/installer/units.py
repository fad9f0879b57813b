"""The units of systemd: written from `deploy/units`, enabled, started, looked at."""

import os
import re
import runpy
import time
from pathlib import Path

from deploy.installer import places
from deploy.installer.machine import Failed, log, remove, run, works, write

ENABLED = ("pst-redis.service", "pst-web.socket", "pst-web.service")
TIMERS = ("pst-backup.timer", "pst-watch.timer")
SCHEDULER = "pst-scheduler.service"
PATIENCE_S = 120
FREEDOM = re.compile(r"exposure level for .*: ([\d.]+)")


def layout_of(release: Path, env: dict[str, str]) -> object:
    """Ask the version's own process layout what this machine should run."""
    here = runpy.run_path(str(release / "pst/server/process_sizing.py"))["here"]
    wanted = env.get("PST_WEB_PROCESSES", "")
    return here(int(wanted) if wanted.isdigit() else None)


def rendered(
    release: Path, env: dict[str, str], time_zone: str, layout: object
) -> dict[Path, str]:
    """Write each unit for this machine: path → text."""
    memory = layout.memory_mb  # type: ignore[attr-defined]
    values = {
        **{f"{name.upper()}_MEMORY": str(mb) for name, mb in memory.items()},
        "WEB_SOCKET": str(places.WEB_SOCKET),
        "REDIS_SOCKET": str(places.REDIS_SOCKET),
        "HOLD": str(places.HOLD),
        "TIME_ZONE": time_zone,
        "WRITE_PATHS": write_paths(env),
    }
    found = {}
    for path in sorted((release / "deploy/units").glob("pst-*")):
        text = fill(path.read_text(), values)
        if path.name.endswith(".service.d.conf"):
            folder = places.UNITS / path.name.removesuffix(".conf")
            found[folder / "hardening.conf"] = text
        else:
            found[places.UNITS / path.name] = text
    return found


def fill(text: str, values: dict[str, str]) -> str:
    """Put the values in place of `@NAME@`; a name without a value is a fault."""
    return re.sub(r"@([A-Z][A-Z0-9_]*)@", lambda found: values[found[1]], text)


def write_paths(env: dict[str, str]) -> str:
    """Tell where, besides its data, the service may write; missing is no fault."""
    wanted = (env.get("PST_BACKUP_DIR"), env.get("PST_BACKUP_COPY_DIR"))
    return " ".join(f"-{path}" for path in wanted if path) or f"-{places.DATA}"


def install(release: Path, env: dict[str, str], time_zone: str) -> bool:
    """Have the units of `release` in place and enabled; say whether any changed."""
    layout = layout_of(release, env)
    texts = rendered(release, env, time_zone, layout)
    changed = [path for path, text in texts.items() if write(path, text)]
    for path in [*places.UNITS.glob("pst-*")]:
        if path.is_file() and path not in texts:
            changed.append(path)
            remove(path)
    names = ", ".join(path.name for path in changed)
    log.put(bool(changed), f"units: {names}" if changed else "units of systemd")
    if changed:
        run("systemctl", "daemon-reload")
    wanted = [*ENABLED, *workers(layout), SCHEDULER, *TIMERS]
    off = [unit for unit in wanted if not works("systemctl", "is-enabled", "-q", unit)]
    if off:
        run("systemctl", "enable", "-q", *off)
    journal = (release / "deploy/units/journald.conf").read_text()
    if log.put(write(places.JOURNAL, journal), "limits of the log (journald)"):
        run("systemctl", "restart", "systemd-journald.service")
    return bool(changed)


def workers(layout: object) -> list[str]:
    count = layout.workers  # type: ignore[attr-defined]
    return [f"pst-worker@{n + 1}.service" for n in range(count)]


def services() -> list[str]:
    """Name the units that are enabled here, Redis first."""
    links = sorted(places.UNITS.glob("multi-user.target.wants/pst-*.service"))
    names = [path.name for path in links]
    return sorted(names, key=lambda name: name != "pst-redis.service")


def timers() -> list[str]:
    """Name the timers that are here: an older version had fewer."""
    return [name for name in TIMERS if (places.UNITS / name).exists()]


def all_but_web() -> list[str]:
    return [name for name in services() if "worker" in name or "scheduler" in name]


def start() -> bool:
    """Start what does not run; say whether anything had to be started."""
    wanted = ["pst-redis.service", "pst-web.socket", *services(), *timers()]
    down = [unit for unit in wanted if not is_active(unit)]
    if down:
        run("systemctl", "start", *dict.fromkeys(down))
    return bool(down)


def restart() -> None:
    """Replace the processes; requests wait meanwhile."""
    run("systemctl", "restart", *[n for n in services() if "redis" not in n])


def stop() -> None:
    """Stop serving altogether: requests are refused until `start`."""
    run("systemctl", "stop", "pst-web.socket", *timers(), *reversed(services()))


def hold() -> None:
    """Stop web server, workers and scheduler; requests wait until `let_go`.

    The web server is asked to start again at once, and waits before it does.
    """
    places.RUN.mkdir(exist_ok=True)
    places.HOLD.touch()
    run("systemctl", "stop", *timers(), *all_but_web())
    run("systemctl", "restart", "--no-block", "pst-web.service")
    until = time.monotonic() + PATIENCE_S
    while state("pst-web.service", "SubState") != "start-pre":
        if time.monotonic() > until:
            raise Failed("the web server does not stop.")
        time.sleep(0.1)


def let_go() -> None:
    """Start what `hold` stopped, in the version that is in use now."""
    places.HOLD.unlink(missing_ok=True)
    run("systemctl", "start", *services(), *timers(), timeout=PATIENCE_S)


def state(unit: str, name: str) -> str:
    return run("systemctl", "show", "-P", name, unit).strip()


def is_active(unit: str) -> bool:
    return works("systemctl", "is-active", "-q", unit)


def version_running() -> str:
    """Tell which version the web server that runs now was started from."""
    pid = state("pst-web.service", "MainPID")
    try:
        return Path(os.readlink(f"/proc/{pid}/cwd")).name
    except OSError:
        return "none"


def uninstall() -> None:
    """Take the units away."""
    paths = [*places.UNITS.glob("pst-*"), *places.UNITS.glob("*.wants/pst-*")]
    names = {path.name for path in paths if path.is_symlink()}
    names |= {timer.replace(".timer", ".service") for timer in timers()}
    run("systemctl", "disable", "--now", "-q", *sorted(names), check=False)
    for path in [*paths, places.JOURNAL]:
        remove(path)
    run("systemctl", "daemon-reload")
