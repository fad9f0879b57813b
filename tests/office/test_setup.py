"""What a new installation still has to settle: done stays done, skipped stays open."""

import pytest

from pst.accounts.passwords import UNUSABLE
from pst.accounts.users import User
from pst.database import db
from pst.office import setup
from pst.office.audit import AuditEntry
from pst.office.setup import SetupProgress, WizardStep
from pst.web.access import Role

pytestmark = pytest.mark.usefixtures("context", "at")


def states() -> list[str]:
    query = db.select(AuditEntry).filter_by(action="set_up").order_by(AuditEntry.id)
    return [entry.detail["state"] for entry in db.session.scalars(query)]


def test_what_was_never_begun_owes_nothing():
    setup.cancel()

    assert setup.progress() == {}
    assert not setup.is_owed()
    assert setup.open_points() == []


def test_a_step_that_was_skipped_stays_an_open_point():
    setup.begin()
    setup.settle(WizardStep.HOURS, 1)
    assert setup.is_owed()

    setup.skip_rest(1)

    assert not setup.is_owed()
    assert setup.progress()[WizardStep.HOURS] is SetupProgress.DONE
    assert setup.open_points() == [
        step for step in WizardStep if step is not WizardStep.HOURS
    ]


def test_what_is_done_is_neither_skipped_nor_opened_again():
    setup.begin()
    setup.settle(WizardStep.HOURS, 1)

    setup.skip(WizardStep.HOURS, 1)
    setup.begin()

    assert setup.progress()[WizardStep.HOURS] is SetupProgress.DONE
    assert WizardStep.HOURS not in setup.open_points()


def test_the_trail_tells_each_change_once():
    setup.cancel()
    setup.begin()
    setup.skip(WizardStep.MAIL, 1)
    setup.skip(WizardStep.MAIL, 1)
    setup.settle(WizardStep.MAIL, 1)
    setup.settle(WizardStep.MAIL, 1)

    assert states() == ["skipped", "done"]


def test_the_steps_are_asked_for_in_their_order():
    setup.begin()

    assert list(setup.progress()) == list(WizardStep)


def test_a_second_admin_does_not_open_what_the_office_dropped():
    setup.cancel()

    User.register("lain@contoh.test", "Admin Lain", UNUSABLE, role=Role.ADMIN)

    assert setup.progress() == {}


def test_the_first_admin_takes_the_office_into_use(andi):
    setup.cancel()
    andi.active = False
    db.session.flush()

    User.register("lain@contoh.test", "Admin Lain", UNUSABLE, role=Role.ADMIN)

    assert setup.is_owed()
