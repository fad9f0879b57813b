"""Which office a run is about, found in its words before anything else is read."""

import re

VARIABLE = "PST_OFFICE"
FIRST = "pst"  # how `--office` calls the one without a name
NAME = re.compile(r"[a-z][a-z0-9]{0,19}")
# What begins so has the name of a folder or a file that is there: `pst-acme` …
RESERVED = (FIRST, "acme", "redis", "metrics", "nodes")
OPTION = "--office"
# Commands of the application have options of their own, and so ours stands before them.
OURS = {"install", "upgrade", "uninstall", "restore", "restore-copy", "site"}
OURS |= {"status", "log", "start", "stop", "restart"}


class BadName(Exception):
    """What cannot be the name of an office; its text says why."""


def take_from(words: list[str]) -> tuple[str | None, list[str]]:
    """Split `--office NAME` off the words; None when it is not there."""
    for place, word in enumerate(words):
        if place and words[0] not in OURS:
            break
        name, is_joined, value = word.partition("=")
        if name != OPTION:
            continue
        if is_joined:
            return checked(value), words[:place] + words[place + 1 :]
        if place + 1 == len(words):
            raise BadName("Which office? --office NAME")
        return checked(words[place + 1]), words[:place] + words[place + 2 :]
    return None, words


def checked(name: str) -> str:
    """Return the name as the environment has it; "" for the first office."""
    if name == FIRST:
        return ""
    if not NAME.fullmatch(name) or name.startswith(RESERVED):
        raise BadName(
            f"{name!r} is no name for an office: up to 20 small letters and digits,"
            " a letter first. Example: banjarnegara"
        )
    return name
