"""What every application of the tests shares, so that building one costs little.

Each test has an application and a database of its own. What these work out alike each
time in every test is worked out once for all tests of a process: the map of
addresses, the compiled templates, the bundled scripts and styles, and the SQL of each
statement. `test_built_once.py` holds that nothing else is shared.
Passwords are hashed as well as ever, but at little cost; where the cost itself is the
matter, a test asks for `costly_hashes`.
"""

import importlib
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask, current_app
from flask.templating import Environment
from sqlalchemy.engine import Dialect, Engine
from werkzeug.local import LocalProxy
from whitenoise import WhiteNoise

import pst
from pst import database
from pst.accounts import passwords
from pst.web import assets
from pst.web.once import Application

SERVERS_HASHER, SERVERS_HASH = passwords.HASHER, passwords.ANY_HASH
QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
QUICK_HASH = QUICK_HASHER.hash("of no one")
GIVEN = "given_addresses"


def share() -> None:
    """Put what is shared in place; for the whole run."""
    Application.add_url_rule = _add_url_rule  # type: ignore[method-assign]
    make = Application.create_jinja_environment
    Application.create_jinja_environment = _templates(make)  # type: ignore[method-assign]
    WhiteNoise.update_files_dictionary = _files(WhiteNoise.update_files_dictionary)
    assets._contents = cache(lambda read=assets._contents: tuple(read()))  # type: ignore
    assets._picture = _pictures(assets._picture)
    database.prepare = _preparing(database.prepare)
    passwords.HASHER, passwords.ANY_HASH = QUICK_HASHER, QUICK_HASH


@pytest.fixture
def costly_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hash as the server does."""
    monkeypatch.setattr(passwords, "HASHER", SERVERS_HASHER)
    monkeypatch.setattr(passwords, "ANY_HASH", SERVERS_HASH)
    yield


class Mould(Application):
    """An application that is given all addresses of ours, and nothing else."""

    def __init__(self) -> None:
        super().__init__("pst")
        self.given: list[Any] = []
        for name in pst.BLUEPRINTS:
            self.register_blueprint(importlib.import_module(name).bp)

    def add_url_rule(self, *rule: Any, **options: Any) -> None:
        self.given.append((rule, options))
        Flask.add_url_rule(self, *rule, **options)


mould = cache(Mould)


def _add_url_rule(app: Application, *rule: Any, **options: Any) -> None:
    """Let applications read the mould's map while they are given the same addresses.

    Who is given another, or one more, has a map of its own from there on.
    """
    app._check_setup_finished("add_url_rule")
    given = app.__dict__.setdefault(GIVEN, [])
    given.append((rule, options))
    shared = mould()
    if len(given) == 1 or app.url_map is shared.url_map:
        if given[-1:] == shared.given[len(given) - 1 : len(given)]:
            app.url_map = shared.url_map
            app.view_functions[rule[1]] = rule[2]
            return
        app.url_map = app.url_map_class(host_matching=shared.url_map.host_matching)
        for before, its_options in given[:-1]:
            Flask.add_url_rule(app, *before, **its_options)
    Flask.add_url_rule(app, *rule, **options)


def _templates(make: Callable[[Any], Environment]) -> Callable[[Any], Environment]:
    """Compile a template once; what it says of an application is the current one's."""
    made: list[Environment] = []

    def url_for(endpoint: str, **values: Any) -> str:
        return current_app.url_for(endpoint, **values)

    def templates(app: Application) -> Environment:
        if not made:
            made.append(make(app))
            made[0].globals["url_for"] = url_for
            made[0].globals["config"] = LocalProxy(lambda: current_app.config)
        return made[0]

    return templates


def _files(look: Callable[[Any, str, str], None]) -> Callable[[Any, str, str], None]:
    """Look once through a folder of scripts and styles that several tests link to."""
    seen: dict[tuple[str, str], dict[str, Any]] = {}

    def files(server: Any, root: str, prefix: str) -> None:
        if not Path(root).is_symlink():
            look(server, root, prefix)
            return
        key = (f"{Path(root).resolve()}{os.sep}", prefix)
        if key not in seen:
            look(server, *key)  # where they lie; the test's own folder goes
            seen[key] = dict(server.files)
        server.files.update(seen[key])

    return files


def _pictures(
    put: Callable[[Path, Path], assets.Picture],
) -> Callable[[Path, Path], assets.Picture]:
    """Open a picture once, but put it into every folder that has it not."""
    opened: dict[Path, assets.Picture] = {}

    def picture(path: Path, folder: Path) -> assets.Picture:
        name = opened[path].address.rpartition("/")[2] if path in opened else None
        if name is None or not (folder / name).exists():
            opened[path] = put(path, folder)
        return opened[path]

    return picture


def _preparing(prepare: Callable[[Engine], None]) -> Callable[[Engine], None]:
    """Let all engines of a kind use one cache of compiled statements.

    A statement is kept for a dialect, so they share that as well: it holds no state of
    a database.
    """
    statements: dict[Any, Any] = {}
    dialects: dict[str, Dialect] = {}

    def prepared(engine: Engine) -> None:
        prepare(engine)
        if engine.dialect.name == "postgresql":  # whose dialect is told the server's
            return
        engine.dialect = dialects.setdefault(engine.dialect.name, engine.dialect)
        engine.update_execution_options(compiled_cache=statements)

    return prepared
