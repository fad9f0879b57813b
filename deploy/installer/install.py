"""`deploy/install`: from a bare server to a service that answers; safe to run again."""

import os
import shutil
import sys
from pathlib import Path

from deploy.installer import answers as questions
from deploy.installer import (
    backup_key,
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
from deploy.installer.machine import (
    Failed,
    folder,
    has_user,
    link,
    log,
    run,
    works,
    write,
)

KNOWN = {("debian", "12"), ("debian", "13"), ("ubuntu", "24.04")}
PACKAGES = ("python3-venv", "redis-server", "nginx", "openssl", "ca-certificates")
PACKAGES += ("logrotate", "tzdata")
POLICY = Path("/usr/sbin/policy-rc.d")
EVERYDAY = ("status", "log", "backup create", "restore FILE", "help")
LITTLE_MEMORY_MB, LITTLE_DISK = 900, 2_000_000_000


def install(path: Path | None, takes_defaults: bool) -> int:
    """Do all of it; what is right already stays as it is."""
    look_at_server()
    answers = find_answers(path, takes_defaults)
    refuse_other_version()
    refuse_taken_domain(answers)
    add_packages(answers)
    make_places()
    env = settings.merged(answers, settings.read())
    is_newly_set = log.put(settings.save(env), f"settings in {places.SETTINGS}")
    write(places.ANSWERS, questions.written(answers), mode=0o600)
    target = release.place(places.SOURCE)
    env = backup_key.settle(target, env)
    is_newly_set |= settings.save(env)
    is_newly_set |= release.use(target)
    link(places.COMMAND, places.CURRENT / "deploy/pst")
    if is_newly_set or not data.DATABASE.exists():
        is_new = data.make_ready(target, answers)
        log.put(is_new, "a new database" if is_new else "the database")
    is_newly_set |= units.install(target, env, answers["time_zone"])
    if units.start():
        log.changed("started: web server, worker, scheduler, Redis")
    elif is_newly_set:
        units.restart()
        log.changed("restarted with what changed")
    front.install(target, answers)
    invitation = data.invite(target, answers)
    if not data.has_backup():
        log.changed(f"the first backup: {data.back_up(target)}")
    log.say("\nThrough the front door:")
    is_well = check.everything(answers)
    tell_what_next(answers, invitation, is_well)
    return 0 if is_well else 1


def look_at_server() -> None:
    """Refuse what cannot work; say what may be little."""
    facts = settings.read(Path("/etc/os-release"))
    name, version = facts.get("ID", "?"), facts.get("VERSION_ID", "?")
    if not shutil.which("apt-get"):
        raise Failed("this needs Debian 12 or Ubuntu 24.04.")
    if (name, version) not in KNOWN:
        log.warn(f"{name} {version} is not Debian 12 or Ubuntu 24.04; going on.")
    if not Path("/run/systemd/system").is_dir():
        raise Failed("systemd does not run here; without it: bin/run (README.md).")
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1024**2
    if memory < LITTLE_MEMORY_MB:
        log.warn(f"{memory} MB of memory is little; 1 GB or more is better.")
    free = shutil.disk_usage("/opt" if Path("/opt").is_dir() else "/").free
    if free < LITTLE_DISK:
        raise Failed(f"{free // 10**6} MB of disk is too little; 2 GB are needed.")


def find_answers(path: Path | None, takes_defaults: bool) -> Answers:
    """Read them, or ask; what stands in the settings is the default."""
    before = settings.known_answers()
    if path is not None:
        if not path.is_file():
            raise Failed(f"There is no file {path}.")
        return questions.settle(questions.read(path), before)
    if takes_defaults:
        return questions.settle({}, before)
    if not sys.stdin.isatty():
        raise Failed("no one is here to ask: --answers FILE, or --yes for defaults.")
    log.say("Enter takes what stands in brackets.\n")
    return questions.ask(before)


def refuse_other_version() -> None:
    there = release.current()
    if there is not None and there.name != release.name_of(places.SOURCE):
        raise Failed(
            f"version {there.name} is installed already."
            f" To change it: sudo {places.SOURCE}/{offices.command('upgrade')}"
        )


def refuse_taken_domain(answers: Answers) -> None:
    """Refuse the address of another office on this server."""
    address = answers["domain"], answers["https_port"]
    for name in offices.others():
        theirs = settings.answered(settings.read(offices.settings_of(name)))
        if address == (theirs.get("domain"), theirs.get("https_port")):
            raise Failed(
                f"{answers['domain']} is the address of the office"
                f" {offices.called(name)}; each needs one of its own."
            )


def add_packages(answers: Answers) -> None:
    """Install what is missing, without starting it half-configured."""
    names = [*PACKAGES, *(["certbot"] if questions.wants_acme(answers) else [])]
    missing = [name for name in names if not is_installed(name)]
    if not log.put(bool(missing), f"packages: {' '.join(missing or names)}"):
        return
    is_ours = not POLICY.exists()
    if is_ours:
        write(POLICY, "#!/bin/sh\nexit 101\n", mode=0o755)
    try:
        apt = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        run("apt-get", "update", "-qq", **apt)
        words = ("apt-get", "install", "-y", "-qq", "--no-install-recommends")
        run(*words, *missing, **apt)
    finally:
        if is_ours:
            POLICY.unlink()
    if "redis-server" in missing:  # we bring a private one instead
        run("systemctl", "disable", "-q", "--now", "redis-server.service", check=False)


def is_installed(name: str) -> bool:
    status = run("dpkg-query", "-W", "-f", "${db:Status-Status}", name, check=False)
    return status.strip() == "installed"


def make_places() -> None:
    """Make the service's user, and the folders with the right owners."""
    if not has_user():
        words = ("--system", "--user-group", "--no-create-home")
        home = ("--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin")
        run("useradd", *words, *home, places.USER)
        log.changed(f"the user {places.USER}")
    has_changed = folder(places.ETC, 0o700)
    has_changed |= folder(places.VERSIONS)
    has_changed |= folder(places.DATA, 0o750, places.USER)
    log.put(has_changed, f"folders: {places.OPT}, {places.DATA}, {places.ETC}")


def tell_what_next(answers: Answers, invitation: str, is_well: bool) -> None:
    count = log.changes
    log.say(f"\n{f'{count} things changed' if count else 'Nothing had to be changed'}.")
    for text in log.warnings:
        log.say(f"! {text}")
    if not is_well:
        log.say("\nNot everything is well. Look with `pst log`, then run this again.")
        return
    name = check.Door(answers).name
    log.say(f"\nThe service is at https://{name}/\n\nWhat next:")
    steps = [
        f"{answers['admin_email']} sets a password here, within 7 days:\n"
        f"     {invitation}"
        if invitation
        else f"Log in as an admin: https://{name}/masuk",
        *backup_key.what_next(),
        *firewall(answers),
        *sender_records(answers),
        "Have backups copied to another machine: PST_BACKUP_COPY_DIR=/mnt/… in"
        f" {places.SETTINGS}; then: {places.NAME} restart",
        " · ".join(f"{places.NAME} {word}" for word in EVERYDAY),
    ]
    for number, step in enumerate(steps, 1):
        log.say(f"  {number}. {step}")


def sender_records(answers: Answers) -> list[str]:
    """Return what the DNS of the sender's domain needs, so that mails are believed."""
    server, domain = answers["smtp_server"], answers["mail_from"].rpartition("@")[2]
    if not (server and domain):
        return []
    records = [
        f'{domain}. TXT "v=spf1 a:{server} mx ~all"  (one SPF record only)',
        f"NAME._domainkey.{domain}. TXT: the DKIM key of your mail provider",
        f'_dmarc.{domain}. TXT "v=DMARC1; p=none; rua=mailto:{answers["admin_email"]}"',
    ]
    if server in ("localhost", "127.0.0.1"):
        records.append("PTR of this server's address: its own name")
    lines = "".join(f"\n     {record}" for record in records)
    return [f"Have these written into the DNS of {domain}:{lines}"]


def firewall(answers: Answers) -> list[str]:
    ports = f"{answers['http_port']},{answers['https_port']}/tcp"
    on = f"ufw allow OpenSSH && ufw allow {ports} && ufw enable"
    if not shutil.which("ufw"):
        return [f"Close all other doors: apt install ufw && {on}"]
    if works("sh", "-c", "ufw status | grep -q 'Status: active'"):
        return [f"Open the firewall, if it is not: ufw allow {ports}"]
    return [f"Turn the firewall on: {on}"]
