"""An organisation's provider, and the service joined to it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.single_sign_on.openid_provider import OpenIdProvider
from tests.single_sign_on.steps import join


@pytest.fixture
def there() -> Iterator[OpenIdProvider]:
    with OpenIdProvider() as server:
        yield server


@pytest.fixture
def joined(app: Flask, there: OpenIdProvider) -> Flask:
    """The service, joined to the organisation."""
    join(app, there)
    return app
