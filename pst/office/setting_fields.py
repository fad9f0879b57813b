"""How a setting is declared: its default, its words on the screen, what it may be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

YES_OR_NO = {"ya": "Ya", "tidak": "Tidak"}


@dataclass(frozen=True)
class Declaration:
    """What is declared of one setting, except its default."""

    label: str
    help: str = ""
    range: tuple[int, ...] = ()  # the least and the most that a number may be
    choices: Mapping[str, str] = field(default_factory=dict)


def setting(default: Any, label: str, help: str = "", **limits: Any) -> Any:
    """Declare a setting of the type of its default."""
    declaration = Declaration(label, help, **limits)
    return field(default=default, metadata={"declaration": declaration})


def number(default: int, least: int, most: int, label: str, help: str = "") -> int:
    """Declare a number from `least` to `most`."""
    value: int = setting(default, label, help, range=(least, most))
    return value


def choice(default: str, choices: dict[str, str], label: str, help: str = "") -> str:
    """Declare one of `choices`: code → words."""
    value: str = setting(default, label, help, choices=choices)
    return value


def yes_or_no(default: bool, label: str, help: str = "") -> bool:
    """Declare a setting that is on or off."""
    value: bool = setting(default, label, help, choices=YES_OR_NO)
    return value
