"""A user with a request filed."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import Person
from tests.browser.steps import ask

Someone = Callable[..., Person]


@pytest.fixture
def siti(someone: Someone) -> Person:
    """Siti on her phone, in her conversation."""
    siti = someone("phone").log_in("siti")
    ask(siti)
    siti.sees("urutan ke-1")
    return siti
