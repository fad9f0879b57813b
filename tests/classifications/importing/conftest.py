"""Lists are brought in within the application."""

import pytest


@pytest.fixture(autouse=True)
def _in_context(context: None) -> None:
    """Every test here reads and writes the database."""
