"""Flask, without what it would find out again at every call."""

from collections.abc import Callable
from typing import Any

from flask import Flask, has_request_context, request


class Application(Flask):
    """An application without asynchronous functions, whose addresses stay."""

    def __init__(self, name: str) -> None:
        super().__init__(name, static_folder=None)
        self._addresses: dict[tuple[str, str], str] = {}

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return `func` as it is; Flask looks for coroutines at every call."""
        return func

    def url_for(self, endpoint: str, **values: Any) -> str:  # type: ignore[override]
        """Return an address; those that need no values are put together once."""
        if values or endpoint.startswith(".") or not has_request_context():
            return super().url_for(endpoint, **values)
        key = (request.root_path, endpoint)
        if key not in self._addresses:
            self._addresses[key] = super().url_for(endpoint)
        return self._addresses[key]
