"""More offices on one server: which office a run is about, and what it owns there."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.installer import front, office_name, places, units
from tests.processes import ROOT

# Run about an office of its own, as `deploy/run.py` does it.
TELL = """
import json
from pathlib import Path
from deploy.installer import answers, front, places, units
from pst.server.process_sizing import layout
given = answers.settle({"domain": "b.id"}, {})
front.NGINX = Path("nginx")
texts = units.rendered(Path.cwd(), {}, "Asia/Jakarta", layout(4, 8192))
print(json.dumps({
    "places": {name: str(value) for name, value in vars(places).items()},
    "units": {str(path): text for path, text in texts.items()},
    "site": front.rendered(Path.cwd(), given, Path("/c.pem"), Path("/k.pem")),
    "ours": [name for name in NAMES if units.is_ours(name)],
}))
"""
NAMES = ["pst-web.service", "pst-worker@2.service", "pst-.service.d"]
NAMES += ["pst-web@wonosobo.socket", "pst-worker@wonosobo-1.service"]
NAMES += ["pst-web@wonosobo2.socket", "pst-web@wonosobo.service.d"]
FIRST, SECOND = NAMES[:3], [NAMES[3], NAMES[4], NAMES[6]]


def told_of(office: str) -> dict:
    env = {**os.environ, office_name.VARIABLE: office}
    code = TELL.replace("NAMES", repr(NAMES))
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True)
    assert not result.returncode, result.stderr
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def second() -> dict:
    return told_of("wonosobo")


@pytest.mark.parametrize(
    ("words", "office", "rest"),
    [
        ("install --yes", None, "install --yes"),
        ("install --yes --office wonosobo", "wonosobo", "install --yes"),
        ("--office=kab3307 status", "kab3307", "status"),
        ("upgrade --office pst /src", "", "upgrade /src"),
        # The application's own option is left to it.
        ("prepare --office -", None, "prepare --office -"),
        ("--office wonosobo prepare --office -", "wonosobo", "prepare --office -"),
        ("", None, ""),
    ],
)
def test_the_office_is_named_before_all_else(words: str, office: str | None, rest: str):
    assert office_name.take_from(words.split()) == (office, rest.split())


@pytest.mark.parametrize(
    "name",
    ["", "Wonosobo", "1a", "a-b", "../x", "acme", "metrics2", "a" * 21, "a b", "a\n"],
)
def test_a_name_that_cannot_be_a_folder_is_refused(name: str):
    with pytest.raises(office_name.BadName):
        office_name.checked(name)
    if name:  # also where it comes from the environment
        result = subprocess.run(
            [sys.executable, str(ROOT / "deploy/run.py"), "help"],
            env={**os.environ, office_name.VARIABLE: name},
            capture_output=True,
            text=True,
        )
        assert result.returncode == 1
        assert "is no name for an office" in result.stderr


def test_a_further_office_shares_only_the_versions(second: dict):
    shared = {"OPT", "VERSIONS", "UNITS", "JOURNAL", "PIP_CACHE", "WHEELS"}
    shared |= {"CHALLENGES", "SOURCE", "VARIABLE", "IS_CHOSEN"}
    names = {name for name in vars(places) if name.isupper()} - shared

    same = [n for n in names if str(getattr(places, n)) == second["places"][n]]

    assert not same
    assert second["places"]["DATA"] == "/var/lib/pst-wonosobo"


def test_no_unit_of_one_names_what_is_the_others(second: dict):
    first = told_of("")

    assert not set(first["units"]) & set(second["units"])
    for path, text in second["units"].items():
        for word in re.findall(r"[\w/@.-]*\bpst\b[\w/@.-]*", text):
            is_shared = word.startswith("/opt/pst/") or word.startswith("pst/server")
            assert "wonosobo" in word or is_shared, f"{path}: {word}"
    for text in first["units"].values():
        assert "wonosobo" not in text


def test_each_service_has_the_hardening_of_its_own_office(second: dict):
    services = [path for path in second["units"] if path.endswith(".service")]

    names = {Path(path).name.partition("@")[0] for path in services}
    assert names == {"pst-web", "pst-redis", "pst-backup", "pst-watch"}
    for path in services:
        text = second["units"][f"{path}.d/hardening.conf"]
        assert "User=pst-wonosobo\n" in text
        assert "EnvironmentFile=/etc/pst-wonosobo/pst.env" in text


def test_every_office_has_the_same_units(second: dict):
    first = {Path(path).name: text for path, text in told_of("")["units"].items()}
    theirs = {Path(path).name: text for path, text in second["units"].items()}

    assert {name.replace("@wonosobo", "") for name in theirs} == set(first)
    for text in (first["pst-web.service"], theirs["pst-web@wonosobo.service"]):
        assert "python prefork.py\n" in text
        # All that it forks: four web processes, two workers and the scheduler.
        assert f"MemoryMax={160 + 4 * 240 + 2 * 512 + 192}M" in text


def test_the_units_of_an_older_version_are_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Its workers and its scheduler would work on, next to the new ones."""
    wants = tmp_path / "units/multi-user.target.wants"
    wants.mkdir(parents=True)
    old = ["pst-worker@1.service", "pst-worker@2.service", "pst-scheduler.service"]
    theirs = "pst-worker@wonosobo-1.service"
    for name in ("pst-worker@.service", "pst-scheduler.service", theirs):
        (wants.parent / name).write_text("[Service]\n")
    for name in (*old, theirs):
        (wants / name).symlink_to("nowhere")
    (wants.parent / "pst-web.service.d").mkdir()  # by `systemctl edit`
    commands: list[tuple] = []
    monkeypatch.setattr(places, "UNITS", wants.parent)
    monkeypatch.setattr(places, "JOURNAL", tmp_path / "pst.conf")
    monkeypatch.setattr(units, "run", lambda *words, **_: commands.append(words))
    monkeypatch.setattr(units, "works", lambda *_: True)

    units.install(ROOT, {}, "Asia/Jakarta")

    off = {words[-1] for words in commands if words[1] == "disable"}
    assert off == {*old, "pst-worker@.service"}
    names = {path.name for path in wants.parent.glob("**/*")}
    assert not {*old, "pst-worker@.service"} & names
    assert {theirs, "pst-web.service", "pst-web.service.d"} <= names


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd")
def test_systemd_takes_the_nearer_hardening(second: dict, tmp_path: Path):
    """The first office's is for `pst-…`, and stands aside for one of that name."""
    for path, text in {**told_of("")["units"], **second["units"]}.items():
        place = tmp_path / path.removeprefix("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    folder = tmp_path / "etc/systemd/system"
    opened = folder / "pst-.service.d/hardening.conf"
    opened.write_text("[Service]\nUser=root\n")

    for unit, most in (("pst-web@wonosobo.service", "25"), ("pst-web.service", "80")):
        command = ["systemd-analyze", "security", "--offline=yes", unit]
        command += [f"--threshold={most}", f"--root={tmp_path}"]
        result = subprocess.run(command, capture_output=True, text=True)
        assert bool(result.returncode) == (most == "80"), (
            f"{unit}: {result.stdout[-300:]}"
        )


def test_each_owns_its_units_and_no_others(second: dict):
    assert [name for name in NAMES if units.is_ours(name)] == FIRST
    assert second["ours"] == SECOND


def test_two_sites_have_no_name_in_common(second: dict):
    """One nginx refuses a zone, a format, a map or an upstream that is there twice."""
    first = told_of("")["site"]
    shape = r"zone=(\w+):|shared:(\w+)|upstream (\w+)|log_format (\w+)|(\$\w+) \{"
    shape += r"|access_log (/\S+)|include (\S+)|unix:(\S+)"

    mine, theirs = (
        {word for found in re.findall(shape, text) for word in found if word}
        for text in (first, second["site"])
    )

    assert len(mine) == len(theirs) >= 9
    assert not mine & theirs


def test_one_site_alone_answers_for_unknown_names(second: dict):
    listen = f"443 {front.DEFAULT_TLS};"
    theirs = second["site"]
    assert listen in theirs  # alone on its server

    assert front.is_free(listen, [])
    assert not front.is_free(listen, [theirs])
    assert front.is_free(listen, [theirs.replace("default_server", "")])
    assert not front.is_free(listen, ["server { server_name lain.id; }"])
