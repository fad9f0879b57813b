"""A mistake in what runs while modules are imported: made in a Python of its own.

As a plugin of pytest (`-p tests.mutants.importing`) this puts the mistaken text in the
place of one module, which the environment names, before any other is imported.
"""

import json
import os
import subprocess
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from types import CodeType

from tests.mutants.choosing import module_of
from tests.mutants.mistakes import Mistake
from tests.processes import ROOT

VARIABLE = "PST_MISTAKE"
QUIET = ("-q", "-x", "--tb=no", "--disable-warnings", "-p", "no:cacheprovider")


class Mistaken(SourceFileLoader):
    """Loads a module from another text than its file's."""

    def __init__(self, name: str, path: str, text: str) -> None:
        super().__init__(name, path)
        self.text = text

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.text, self.path, "exec")


class Finder(MetaPathFinder):
    def __init__(self, module: str, path: str, text: str) -> None:
        self.module, self.path, self.text = module, path, text

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        if name != self.module:
            return None
        loader = Mistaken(name, self.path, self.text)
        return spec_from_file_location(name, self.path, loader=loader)


def run_apart(mistake: Mistake, files: list[str], seconds: float) -> bool:
    """Return whether one of these test files fails; raise `TimeoutExpired`."""
    made = [module_of(mistake.path), str(mistake.path), mistake.text]
    command = [sys.executable, "-m", "pytest", *QUIET, "-p", "tests.mutants.importing"]
    result = subprocess.run(
        [*command, "-p", "no:xdist", *files],
        cwd=ROOT,
        env={**os.environ, VARIABLE: json.dumps(made)},
        capture_output=True,
        timeout=seconds,
    )
    return result.returncode != 0


if VARIABLE in os.environ:
    sys.meta_path.insert(0, Finder(*json.loads(os.environ[VARIABLE])))
