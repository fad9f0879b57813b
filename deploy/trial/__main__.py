"""The story: install, again, certificate, mails, upgrades good and bad, restore, hung
processes, a power cut, more offices on the same server, uninstall."""

import argparse
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from deploy.trial import copied, hung, manual, neighbours, offices
from deploy.trial.debian import Debian, newest_backup
from deploy.trial.story import Story
from deploy.trial.versions import APART, broken_page, broken_worker, next_version
from deploy.trial.visitor import Crowd, Visitor
from deploy.trial.wire import idle_poll

SOURCE = Path(__file__).resolve().parent.parent.parent
DOMAIN, HTTP_PORT, HTTPS_PORT = "pst.contoh.test", 7380, 7343
PASSWORD = "coba-konsultasi-2026"
WRITERS = ("siti", "dewi", "ahmad", "ratna", "joko", "wati", "eko", "sri")
UNITS = "pst-web pst-redis pst-backup pst-watch"
MAX_FREEDOM = 2.5
WIDEST = 300
LOGS = "tail -n 20 /var/log/nginx/error.log; journalctl -u 'pst-*' -n 40 --no-pager"
ANSWERS = f"""domain = {DOMAIN}
office_name = BPS Kabupaten Contoh
time_zone = WITA
admin_email = it@contoh.test
certificate = acme
acme_server = {neighbours.ACME_URL}
smtp_server = {neighbours.SMTP}
smtp_port = {neighbours.SMTP_PORT}
smtp_user = {neighbours.SMTP_USER}
smtp_password = {neighbours.SMTP_PASSWORD}
http_port = {HTTP_PORT}
https_port = {HTTPS_PORT}
"""


def main() -> None:
    parser = argparse.ArgumentParser("deploy/test")
    parser.add_argument("--suite", default="", help="of Debian; this machine's")
    parser.add_argument("--cache", type=Path, help="keep the base system here")
    parser.add_argument("--archive", type=Path, help="try this release, pip offline")
    parser.add_argument("--transcript", type=Path)
    parser.add_argument("--only", choices=SHORTER, help="a shorter story")
    options = parser.parse_args()
    versions = Path(tempfile.mkdtemp(prefix="pst-trial-versions-", dir="/var/tmp"))
    cache = (options.cache or versions / "cache").resolve()
    debian = Debian(cache, versions, options.suite, is_offline=bool(options.archive))
    story = Story(debian)
    try:
        put_source(versions / "v1", options.archive)
        next_version(versions / "v1", versions / "v2")
        broken_page(versions / "v2", versions / "broken-page")
        broken_worker(versions / "v2", versions / "broken-worker")
        debian.make()
        debian.boot()
        neighbours.move_in(debian, DOMAIN, HTTP_PORT, HTTPS_PORT)
        SHORTER.get(options.only, tell_all)(story)
    except (AssertionError, SystemExit):
        print(debian.run(LOGS, check=False), flush=True)
        raise
    finally:
        debian.ends()
        shutil.rmtree(versions, ignore_errors=True)
    if options.transcript:
        options.transcript.write_text(written(story.told))


def put_source(target: Path, archive: Path | None) -> None:
    """Put the version to begin with: the release in `archive`, or this tree."""
    if archive is None:
        shutil.copytree(SOURCE, target, ignore=shutil.ignore_patterns(".*"))
        return
    subprocess.run(["tar", "-xf", archive, "-C", target.parent], check=True)
    (folder,) = target.parent.glob("pst-*/")
    folder.rename(target)


def tell_all(story: Story) -> None:
    story.title("Answers that cannot be right are refused")
    story.do("/src/v1/deploy/install < /dev/null", fails=True)
    story.do("printf 'domain = not a name\\n' > bad", tail=0)
    story.do("/src/v1/deploy/install --answers bad", fails=True)
    story.title("Install")
    (story.debian.root / "root/answers").write_text(ANSWERS)
    story.do("/src/v1/deploy/install --answers answers")
    story.title("Install again: nothing changes")
    output = story.do("/src/v1/deploy/install --answers answers")
    assert "Nothing had to be changed" in output and "\n+" not in output
    look_at_units(story)
    people = settle_in(story)
    person, address = people[0]
    certificate(story)
    mail(story, person)
    idle_poll_size(story, person, address)
    upgrades(story, people)
    restore(story, person, address)
    copied.copy_away(story, person, address, PASSWORD, "/src/v2")
    hung.replaced(story)
    power_cut(story, person, address)
    memory(story)
    more_offices(story)
    uninstall(story, secret="upgrade-0-1 halo")


def more_offices(story: Story) -> None:
    offices.move_in(story, ANSWERS, DOMAIN, (HTTP_PORT, HTTPS_PORT))
    offices.upgrades(story)
    offices.restore(story, HTTPS_PORT)
    offices.move_out(story, HTTPS_PORT, DOMAIN)


def tell_of_offices(story: Story) -> None:
    story.title("Install")
    (story.debian.root / "root/answers").write_text(ANSWERS)
    story.do("/src/v2/deploy/install --answers answers", tail=5)
    story.do(f"pst restore {newest_backup()}", tail=2)
    manual.type_commands(story)
    more_offices(story)
    uninstall(story, secret="it@contoh.test")


def tell_of_copy(story: Story) -> None:
    story.title("Install")
    (story.debian.root / "root/answers").write_text(ANSWERS)
    story.do("/src/v1/deploy/install --answers answers", tail=5)
    person, address = settle_in(story)[0]
    copied.copy_away(story, person, address, PASSWORD, "/src/v1")


SHORTER = {"offices": tell_of_offices, "copy": tell_of_copy}


def look_at_units(story: Story) -> None:
    story.title("The units")
    names = " ".join(f"{name}.service" for name in UNITS.split())
    others = "pst-web.socket pst-backup.timer pst-watch.timer"
    story.do(f"systemd-analyze verify {names} {others}")
    output = story.do(
        f"for u in {UNITS}; do systemd-analyze security $u | tail -1; done"
    )
    levels = [
        float(text) for text in re.findall(r"exposure level.*?: ([\d.]+)", output)
    ]
    assert len(levels) == len(UNITS.split()) and max(levels) <= MAX_FREEDOM, levels
    story.do("stat -c '%a %U %n' /etc/pst/pst.env /var/lib/pst /etc/pst")
    story.do("systemctl start pst-backup && ls /var/lib/pst/backups | grep -c gz")


def settle_in(story: Story) -> list[tuple[Visitor, str]]:
    """Make people who consult: each, and the address of what was asked."""
    people = []
    for name in WRITERS:
        story.debian.run(
            f"echo {PASSWORD} | pst accounts create {name}@contoh.test --name Orang"
            " --role user --password-stdin"
        )
        person = Visitor(DOMAIN, HTTPS_PORT)
        person.log_in(f"{name}@contoh.test", PASSWORD)
        people.append((person, person.consult()))
    return people


def certificate(story: Story) -> None:
    story.title("A certificate by ACME, and its renewal")
    first = shown_certificate(story)
    assert "Pebble" in first, first
    story.do("certbot renew --force-renewal -q --no-random-sleep-on-renew")
    story.debian.wait(lambda: shown_certificate(story) != first, "the new certificate")
    story.tell("# nginx shows the new one")
    story.do("systemctl list-timers --no-legend | grep -Eo '(certbot|logrotate).timer'")


def shown_certificate(story: Story) -> str:
    look = f"openssl s_client -connect 127.0.0.1:{HTTPS_PORT} -servername {DOMAIN}"
    words = f"{look} </dev/null 2>/dev/null | openssl x509 -noout -issuer -serial"
    return story.debian.run(words).strip()


def mail(story: Story, person: Visitor) -> None:
    story.title("A mail, through a server that wants TLS and a password")
    form = {"email": "siti@contoh.test", "csrf_token": person.token()}
    assert person.ask("/lupa-sandi", form).status == 303
    look = f"grep -ls sandi-baru {neighbours.MAILS}/*.eml"
    story.debian.wait(lambda: story.debian.run(look, check=False), "the mail")
    story.do(f"grep -hE '^(From|To):' $({look} | tail -1)")


def idle_poll_size(story: Story, person: Visitor, address: str) -> None:
    story.title("An idle poll over HTTP/2 and TLS")
    story.tell(*idle_poll(person, address))


def upgrades(story: Story, people: list[tuple[Visitor, str]]) -> None:
    story.title("Restart, while people read and write")
    with Crowd(people, "restart") as crowd:
        story.do("pst restart")
    nothing_lost(story, crowd)
    story.title("Upgrade from a version with three units, while people read and write")
    story.debian.run(APART)
    with Crowd(people, "upgrade") as crowd:
        story.do("/src/v2/deploy/upgrade", tail=20)
    nothing_lost(story, crowd)
    old_units = "systemctl list-units --all --no-legend pst-worker* pst-scheduler*"
    assert not story.debian.run(old_units)
    story.title("A version whose pages fail: tried on a copy, never put in place")
    with Crowd(people, "page") as crowd:
        story.do("/src/broken-page/deploy/upgrade", fails=True, tail=12)
    nothing_lost(story, crowd)
    story.title("A version whose worker fails, after its migration: it goes back")
    with Crowd(people, "worker") as crowd:
        story.do("/src/broken-worker/deploy/upgrade", fails=True, tail=34)
    nothing_lost(story, crowd)
    output = story.do(
        "ls -l /opt/pst | grep -o 'current.*'; pst db current 2>/dev/null"
    )
    assert "0.2.1-" in output and "trial_next" in output, output


def nothing_lost(story: Story, crowd: Crowd) -> None:
    """See that every request was answered, and every message is stored once."""
    query = (
        "import sqlite3; print(sqlite3.connect('/var/lib/pst/pst.sqlite3').execute("
        f'\\"select count(*), count(distinct key) from message where key like'
        f" '{crowd.key}-%'\\\").fetchone())"
    )
    counts = story.debian.run(f'runuser -u pst -- python3 -c "{query}"').strip()
    story.tell(
        f"# {crowd.answered} requests in that time, lost: {len(crowd.lost)}; messages"
        f" taken {crowd.sent}, stored (all, different) {counts};"
        f" longest wait {crowd.longest_s:.1f} s"
    )
    assert not crowd.lost, crowd.lost[:5]
    assert counts == f"({crowd.sent}, {crowd.sent})", (counts, crowd.sent)


def restore(story: Story, person: Visitor, address: str) -> None:
    story.title("Restore a backup")
    story.do("pst backup create", tail=1)
    form = {"csrf_token": person.token(), "key": "late", "body": "sesudah cadangan"}
    assert person.ask(f"{address}/pesan", form, HX_Request="true").status == 204
    story.do(f"pst restore {newest_backup()}", tail=30)
    person.log_in("siti@contoh.test", PASSWORD)
    page = person.ask(address).text
    assert "worker-0-" in page and "sesudah cadangan" not in page
    story.tell("# what was written before the backup is there; what came after is not")
    manual.type_commands(story)


def power_cut(story: Story, person: Visitor, address: str) -> None:
    story.title("A power cut: all of it ends at once, and comes back by itself")
    form = {"csrf_token": person.token(), "key": "cut", "body": "sebelum listrik padam"}
    assert person.ask(f"{address}/pesan", form, HX_Request="true").status == 204
    story.debian.crash()
    neighbours.start(story.debian)
    story.do("pst status")
    assert "sebelum listrik padam" in person.ask(address).text
    story.tell("# the message that was acknowledged just before is there")


def memory(story: Story) -> None:
    story.title("What all of it holds after this")
    find = "find /proc -maxdepth 2 -user pst -name smaps_rollup -exec sed -n"
    story.do(
        f"{find} 's/^Pss: *//p' {{}} +"
        " | awk '{s += $1} END {print int(s / 1024), \"MB, what is shared once\"}'"
    )


def uninstall(story: Story, secret: str) -> None:
    story.title("Uninstall: the data stay; install takes them up; purge")
    output = story.debian.run("ls /opt; ls /etc/systemd/system | grep pst || echo none")
    assert "pst" not in output and "none" in output, output
    story.do("/src/v2/deploy/install --yes", tail=12)
    story.debian.run(f"cat /var/lib/pst/pst.sqlite3* | grep -qa '{secret}'")
    story.do("/src/v2/deploy/uninstall --purge-data < /dev/null", fails=True)
    story.do("/src/v2/deploy/uninstall --purge-data --yes")
    folders = story.debian.run("ls -d /var/lib/pst /etc/pst /opt/pst 2>&1", check=False)
    assert folders.count("No such file") == 3, folders


def written(lines: list[str]) -> str:
    """Write the transcript as a page."""
    head = (
        "# Installed, upgraded, restored, uninstalled\n\nWritten by `sudo deploy/test"
        " --transcript docs/install-transcript.md`: a clean Debian made with\n"
        "`debootstrap`, booted with its own systemd. `+` was changed, `=` was right,"
        " `!` is to be looked at.\n"
    )
    parts, is_open = [head], False
    for line in without_repeats(lines):
        if line.startswith("## "):
            parts += ["```\n" if is_open else "", f"{line}\n", "```text"]
            is_open = True
        elif line or is_open:
            parts.append(line)
    return "\n".join([*parts, "```", ""])


def without_repeats(story_lines: list[str]) -> list[str]:
    """Leave out what was said before: warnings, and what is well once more."""
    lines: list[str] = []
    for place, line in enumerate(story_lines):
        is_known = line in story_lines[:place]
        if line.startswith("! ") and is_known:
            continue
        if line.startswith("  ok ") and is_known:
            line = "  ok   all the rest, as before"
            if lines[-1] == line:
                continue
        lines.append(line if len(line) < WIDEST else f"{line[:WIDEST]} …")
    return lines


if __name__ == "__main__":
    main()
