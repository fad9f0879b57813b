"""The service's processes, forked from one that has loaded their code already.

Each is a process of its own, with the memory, settings and data of one test; only the
reading of hundreds of modules is done once for all tests. How a process starts from
nothing is the matter of the tests of faults and of deployment.
"""

import contextlib
import multiprocessing
import os
import runpy
import signal
import sys
import tempfile
from functools import cache
from multiprocessing.context import ForkServerProcess

from flask import Flask
from jinja2 import FileSystemBytecodeCache

from pst.web import template_source
from tests.processes import Service, _die_with_parent

LOADER = multiprocessing.get_context("forkserver")
LOADER.set_forkserver_preload(["tests.loaded", __name__])


class Forked:
    """A process, with what `Service` asks of a `subprocess.Popen`."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process
        self.pid = process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        self._process.join(timeout)
        return self.poll()


class QuickService(Service):
    """The service, with processes that are quick to start."""

    web_workers = 1  # as on a small server; several meet in the faults' tests

    def launch(self, name: str, is_humble: bool = False) -> None:
        if name == "redis" or is_humble:
            return super().launch(name, is_humble)
        words = self.command(name)[1:]
        given = (words, self.env, str(self.log), templates().name)
        process = LOADER.Process(target=run, args=given)
        process.start()
        self.running[name] = Forked(process)  # type: ignore[assignment]

    def kill(self, name: str) -> None:
        with contextlib.suppress(ProcessLookupError):  # it may lead no group yet
            os.kill(self.running[name].pid, signal.SIGKILL)
        super().kill(name)


@cache
def templates() -> tempfile.TemporaryDirectory[str]:
    """Return where the services of this run keep their compiled templates."""
    return tempfile.TemporaryDirectory(prefix="pst-templates-")


def run(words: list[str], env: dict[str, str], log: str, compiled: str) -> None:
    """Be the process that `python WORDS` would start, with compiled templates."""
    os.setsid()
    _die_with_parent()
    multiprocessing.set_start_method("fork", force=True)  # as in a process of its own
    os.environ.clear()
    os.environ.update(env)
    with open(log, "ab") as said:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(said.fileno(), stream.fileno())
    keep_templates(compiled)
    if words[0] == "-m":
        sys.argv = words[1:]
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = words
        runpy.run_path(words[0], run_name="__main__")


def keep_templates(folder: str) -> None:
    """Let the application of this process read and keep compiled templates there."""
    prepare = template_source.init_app

    def prepare_with_cache(app: Flask) -> None:
        prepare(app)
        app.jinja_env.bytecode_cache = FileSystemBytecodeCache(folder)

    template_source.init_app = prepare_with_cache
