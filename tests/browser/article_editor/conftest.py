"""A writer with an article open in the editor."""

from collections.abc import Callable

import pytest

from tests.browser.article_editor.steps import BODY, NEW, TITLE
from tests.browser.conftest import Person

Someone = Callable[..., Person]


@pytest.fixture
def budi(someone: Someone) -> Person:
    """Budi with a draft that is saved."""
    budi = someone().log_in("budi").visit(NEW)
    budi.fill("Judul", TITLE)
    budi.fill("Isi", BODY)
    budi.press("Simpan draf")
    budi.sees("Draf disimpan.")
    return budi
