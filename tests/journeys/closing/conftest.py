"""A request that was answered, before it is closed."""

import pytest

from tests.journeys.closing.steps import ANSWER
from tests.journeys.conftest import Browser
from tests.steps import DESK, ask


@pytest.fixture
def answered(siti: Browser, budi: Browser) -> str:
    """Siti's request, which Budi has answered; the page he looks at since."""
    ask(siti)
    budi.post(f"{DESK}/pengambilan")
    budi.post(f"{DESK}/pesan", {"body": ANSWER})
    return budi.get(DESK).text
