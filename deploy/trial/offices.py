"""More offices on the same server: each by itself, upgraded alone and together."""

import re
from functools import partial

from deploy.trial.debian import newest_backup
from deploy.trial.story import Story
from deploy.trial.visitor import Visitor

NAMES = ("banjarnegara", "wonosobo")
PASSWORD = "kantor-sebelah-2026"
KINDS = ("web", "redis", "backup", "watch")
MAX_MB = 180  # of one more office, after it has served
LOOKS = 60  # pages that each of its people looks at before it is weighed
PATIENCE_S = 120
# Proportional set sizes of a user's processes, in MB, each with what it runs.
HELD = (
    "for p in $(find /proc -maxdepth 2 -user {user} -name smaps_rollup); do"
    " mb=$(awk '/^Pss:/ {{print int($2 / 1024)}}' $p) || continue;"
    " echo $mb $(tr '\\0' ' ' < ${{p%/*}}/cmdline | cut -c1-90); done"
)


def domain_of(name: str) -> str:
    return f"{name}.contoh.test"


def move_in(story: Story, answers: str, first: str, ports: tuple[int, int]) -> None:
    """Install them in an older version than the first office has."""
    story.title("More offices on this server, in another version than the first")
    hosts = " ".join(map(domain_of, NAMES))
    story.debian.run(f"printf '127.0.0.1 {hosts}\\n' >> /etc/hosts")
    install = "/src/v1/deploy/install --office"
    story.do(f"{install} Bukan-Nama --yes", fails=True)
    story.do(f"{install} {NAMES[0]} --answers answers", fails=True, tail=3)
    for name in NAMES:
        text = answers.replace(first, domain_of(name)).replace("Contoh", name.title())
        (story.debian.root / f"root/answers-{name}").write_text(text)
        story.do(f"{install} {name} --answers answers-{name}", tail=40)
    output = story.do(f"{install} {NAMES[0]} --answers answers-{NAMES[0]}", tail=14)
    assert "Nothing had to be changed" in output and "\n+" not in output, output
    story.do("/src/v2/deploy/install --answers answers", tail=12)
    are_apart(story)
    weigh(story, ports[1])


def are_apart(story: Story) -> None:
    """See that each has its own user, and may not read its neighbour's things."""
    for name in NAMES:
        units = [f"pst-{kind}@{name}.service" for kind in KINDS]
        story.do(f"systemd-analyze verify {' '.join(units)}", tail=1)
        users = story.debian.run(f"systemctl show -P User {' '.join(units)}").split()
        assert users == [f"pst-{name}"] * len(units), users
    read = f"setpriv --reuid=pst-{NAMES[0]} --regid=pst-{NAMES[0]} --clear-groups ls"
    for folder in ("/var/lib/pst", f"/var/lib/pst-{NAMES[1]}", f"/etc/pst-{NAMES[1]}"):
        story.do(f"{read} {folder}", fails=True)
    story.do("pst offices")
    for command in ("pst", *(f"pst-{name}" for name in NAMES)):
        story.do(f"{command} status")


def settle_in(story: Story, name: str, port: int) -> tuple[Visitor, str]:
    story.debian.run(
        f"echo {PASSWORD} | pst-{name} accounts create rini@{name}.test --name Rini"
        " --role user --password-stdin"
    )
    person = Visitor(domain_of(name), port)
    person.log_in(f"rini@{name}.test", PASSWORD)
    return person, person.consult()


def weigh(story: Story, port: int) -> None:
    """Use each, and see what it holds then."""
    for name in NAMES:
        person, address = settle_in(story, name, port)
        for path in ("/", address, "/cari?q=penduduk", "/konsultasi") * (LOOKS // 4):
            assert person.ask(path).status < 400, path
        unit = f"pst-watch@{name}.service"  # which looks for some seconds only
        is_over = f"systemctl show -P ActiveState {unit} | grep -qx inactive && echo ."
        look = partial(story.debian.run, is_over, check=False)
        story.debian.wait(look, "the watch to end", PATIENCE_S)
        lines = story.debian.run(HELD.format(user=f"pst-{name}")).splitlines()
        megabytes = sum(int(line.split()[0]) for line in lines)
        story.tell(f"# {name} holds {megabytes} MB, what is shared once:", *lines)
        assert megabytes <= MAX_MB, megabytes


def upgrades(story: Story) -> None:
    story.title("One of the offices is upgraded alone, then all that are left")
    output = story.do(f"/src/v2/deploy/upgrade --office {NAMES[0]}", tail=12)
    assert "0.2.0" in output and "0.2.1" in output
    assert versions(story) == ["0.2.1", "0.2.1", "0.2.0"]
    output = story.do("/src/v2/deploy/upgrade", tail=30)
    assert output.count("in use already") == 2
    assert versions(story) == ["0.2.1"] * 3
    story.do("/src/broken-page/deploy/upgrade", fails=True, tail=12)
    assert versions(story) == ["0.2.1"] * 3


def versions(story: Story) -> list[str]:
    output = story.debian.run("pst offices")
    return [line.split()[1].partition("-")[0] for line in output.splitlines()]


def restore(story: Story, port: int) -> None:
    story.title("One office is put back; its neighbour does not notice")
    name, other = NAMES
    person, address = settle_in_again(name, port)
    neighbour, theirs = settle_in_again(other, port)
    story.do(f"pst-{name} backup create", tail=1)
    for who, where in ((person, address), (neighbour, theirs)):
        form = {"csrf_token": who.token(), "key": "late", "body": "sesudah cadangan"}
        assert who.ask(f"{where}/pesan", form, HX_Request="true").status == 204
    newest = newest_backup(f"/var/lib/pst-{name}")
    story.do(f"pst-{name} restore {newest}", tail=20)
    person.log_in(f"rini@{name}.test", PASSWORD)
    assert "sesudah cadangan" not in person.ask(address).text
    assert "sesudah cadangan" in neighbour.ask(theirs).text
    story.tell(f"# {name} is as in its backup; {other} is as it was")


def settle_in_again(name: str, port: int) -> tuple[Visitor, str]:
    person = Visitor(domain_of(name), port)
    person.log_in(f"rini@{name}.test", PASSWORD)
    match = re.search(r'href="(/konsultasi/KS-[\d-]+)', person.ask("/konsultasi").text)
    assert match
    return person, match[1]


def move_out(story: Story, port: int, first: str) -> None:
    """Take one away; the others serve on, and after the first too."""
    story.title("An office is taken away; the others stay")
    leaver, stayer = NAMES
    neighbour, theirs = settle_in_again(stayer, port)
    story.do(f"/src/v2/deploy/uninstall --office {leaver} --purge-data --yes")
    output = story.debian.run(
        f"ls -d /etc/pst-{leaver} /var/lib/pst-{leaver}", check=False
    )
    assert output.count("No such file") == 2, output
    assert neighbour.ask(theirs).status == 200
    assert Visitor(first, port).ask("/").status == 200
    story.do("pst offices")
    story.do("/src/v2/deploy/uninstall")
    assert neighbour.ask(theirs).status == 200
    assert Visitor("lain.test", port).ask("/").status == 421
    story.do(f"pst-{stayer} status")
    story.tell("# the first is gone; the other serves, and still refuses strangers")
    story.do(f"/src/v2/deploy/uninstall --office {stayer} --purge-data --yes")
