"""Putting the code of a changed function where it runs, in this process."""

import functools
import gc
from collections import defaultdict
from types import CodeType, FunctionType

from tests.mutants.mistakes import Mistake


class Functions:
    """Every function of ours that is alive, by file and qualified name."""

    def __init__(self, files: set[str]) -> None:
        self.by_code: dict[CodeType, list[FunctionType]] = defaultdict(list)
        self.caches = []
        for thing in gc.get_objects():
            if isinstance(thing, FunctionType) and thing.__code__.co_filename in files:
                self.by_code[thing.__code__].append(thing)
            elif isinstance(thing, functools._lru_cache_wrapper):
                self.caches.append(thing)
        self.by_name: dict[tuple[str, str], list[CodeType]] = defaultdict(list)
        for code in self.by_code:
            self.by_name[code.co_filename, code.co_qualname].append(code)
        for codes in self.by_name.values():
            codes.sort(key=lambda code: code.co_firstlineno)

    def code_of(self, mistake: Mistake) -> CodeType | None:
        codes = self.by_name.get((str(mistake.path), mistake.function), [])
        return codes[mistake.nth] if mistake.nth < len(codes) else None

    def make(self, mistake: Mistake) -> None:
        """Let the function go wrong from now on, in every module that holds it."""
        old = self.code_of(mistake)
        assert old is not None
        new = _codes(compile(mistake.text, mistake.path, "exec"))
        code = new[mistake.function][mistake.nth]
        for function in self.by_code[old]:
            function.__code__ = code
        for cache in self.caches:
            cache.cache_clear()


def _codes(code: CodeType) -> dict[str, list[CodeType]]:
    named: dict[str, list[CodeType]] = defaultdict(list)

    def visit(code: CodeType) -> None:
        for const in code.co_consts:
            if isinstance(const, CodeType):
                named[const.co_qualname].append(const)
                visit(const)

    visit(code)
    for codes in named.values():
        codes.sort(key=lambda code: code.co_firstlineno)
    return named
