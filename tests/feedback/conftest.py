"""A consultation of Siti's that Budi answered and closed."""

from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.states import Reason
from pst.database import db
from tests.beginnings import asked_by_siti, fuller, person

CLOSED = "2026-03-02 11:00+07:00"


def _close(app: Flask) -> None:
    with app.app_context(), time_machine.travel(CLOSED, tick=False):
        budi, consultation = person("budi"), asked_by_siti()
        consultation.claim(budi)
        db.session.flush()
        consultation.say(budi, "Tabelnya ada di publikasi Kecamatan Dalam Angka.")
        consultation.close(Reason.RESOLVED, budi)
        db.session.commit()


@pytest.fixture(scope="session")
def closed_data(asked_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with what `closed` is."""
    folder = tmp_path_factory.mktemp("closed")
    fuller(asked_data, folder, _close)
    return folder


@pytest.fixture
def starting_data(request: pytest.FixtureRequest, starting_data: Path) -> Path:
    is_closed = "closed" in request.fixturenames
    folder: Path = (
        request.getfixturevalue("closed_data") if is_closed else starting_data
    )
    return folder


@pytest.fixture
def closed(
    consultation: Consultation, budi: User, at: Callable[[str], None]
) -> Consultation:
    """Closed as resolved on Monday 2 March 2026 at 11.00."""
    at(CLOSED)
    db.session.commit()
    return consultation
