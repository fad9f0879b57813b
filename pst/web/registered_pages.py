"""Pages that lower rooms send people to: the feature that has one registers it.

So no lower room names an upper one. A name stands for an endpoint; a role has a first
screen, and after a refused step each feature offers its ways back.
"""

from collections.abc import Callable
from typing import Any

Ways = list[tuple[str, str]]  # titles and addresses

_endpoints: dict[str, str] = {}
_homes: dict[str, Callable[[], str]] = {}
_ways: list[Callable[[dict[str, Any]], Ways | None]] = []


def register_page(name: str, endpoint: str) -> None:
    """Let `name` stand for the endpoint of a feature."""
    _endpoints[name] = endpoint


def endpoint_of(name: str) -> str:
    """Return the endpoint that a feature registered under `name`."""
    return _endpoints[name]


def register_home(role: str, choose: Callable[[], str]) -> None:
    """Let the people of `role` start at the endpoint that `choose` returns."""
    _homes[role] = choose


def home_of(role: str) -> str:
    """Return the endpoint at which the people of `role` start."""
    return _homes[role]()


def offers_ways(
    choose: Callable[[dict[str, Any]], Ways | None],
) -> Callable[[dict[str, Any]], Ways | None]:
    """Ask `choose` where to go on after a refused step.

    It gets the arguments of the view, and returns None for what is not its own.
    """
    _ways.append(choose)
    return choose


def ways_on(view_args: dict[str, Any]) -> Ways:
    """Return where to go on from a refused step, as the feature that has it says."""
    for choose in reversed(_ways):  # the uppermost room knows best what is its own
        if (ways := choose(view_args)) is not None:
            return ways
    return []
