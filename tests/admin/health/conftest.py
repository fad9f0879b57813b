"""Each test looks for itself."""

import pytest

from pst.admin.health import views as health_views


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep no verdict of another test."""
    monkeypatch.setattr(health_views, "_last", (0.0, []))
