"""What every application of the tests shares, so that building one costs little.

Each test has an application and a database of its own. What these work out alike each
time, whatever the test does, is worked out once for all tests of a process: how
addresses are built, the bundled scripts and styles, and the SQL of each statement.
Passwords are hashed as well as ever, but at little cost; where the cost itself is the
matter, a test asks for `costly_hashes`.
"""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy.engine import Dialect, Engine
from werkzeug.routing import Rule

from pst import database
from pst.accounts import passwords
from pst.web import assets

SERVERS_HASHER, SERVERS_HASH = passwords.HASHER, passwords.ANY_HASH
QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
QUICK_HASH = QUICK_HASHER.hash("nobody's")


def share() -> None:
    """Put what is shared in place; for the whole run."""
    Rule._compile_builder = _builders(Rule._compile_builder)  # type: ignore[method-assign]
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


def _builders(compile_builder: Callable[..., Any]) -> Callable[..., Any]:
    """Compile the function that builds an address once for each such address.

    It closes over nothing: the rule is handed to it.
    """
    builders: dict[Any, Any] = {}

    def compiled(rule: Rule, append_unknown: bool = True) -> Any:
        key = (
            *(rule.rule, tuple(rule._trace), append_unknown),
            *(repr(rule.defaults), repr(rule._converters.keys())),
        )
        if key not in builders:
            builders[key] = compile_builder(rule, append_unknown)
        return builders[key]

    return compiled


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
