"""Codes of an app and recovery codes: each opens once, in its time."""

import pyotp
import pytest
import sqlalchemy as sa

from pst import clock, create_app
from pst.accounts.log_in.two_step import TwoStep
from pst.database import db, transaction
from pst.office import audit, settings
from pst.rules import WrongState
from tests.conftest import settings_for


def code_of(row: TwoStep, at_s: float) -> str:
    return pyotp.TOTP(row.secret).at(int(at_s))


@pytest.fixture
def now_s(at) -> float:
    return clock.now().timestamp()


@pytest.fixture
def row(budi, now_s) -> TwoStep:
    step = TwoStep.start(budi)
    db.session.flush()
    assert step.enable(code_of(step, now_s))
    return step


def test_it_is_in_force_only_after_a_right_code(budi, now_s):
    step = TwoStep.start(budi)
    db.session.flush()

    assert not step.enable("000000")
    assert not budi.has_two_step

    assert step.enable(code_of(step, now_s))
    assert budi.has_two_step


def test_a_code_works_once(row, at, now_s):
    at("2026-03-02 09:01+07:00")
    code = code_of(row, now_s + 60)

    assert row.takes(code)
    assert not row.takes(code)


def test_a_clock_may_be_off_by_one_step_but_not_by_two(row, at, now_s):
    at("2026-03-02 09:10+07:00")
    later = now_s + 600

    assert not row.takes(code_of(row, later - 60))
    assert not row.takes(code_of(row, later + 60))
    assert row.takes(code_of(row, later - 30))
    assert row.takes(code_of(row, later + 30))
    assert not row.takes(code_of(row, later)), "older than one that was used"


def test_ten_different_recovery_codes_work_once_each(row):
    codes = row.recovery_codes

    assert len(set(codes)) == 10
    for code in codes:
        assert row.takes(code.upper().replace("-", " "))
        assert not row.takes(code)
    assert row.codes_left == 0


def test_new_recovery_codes_end_the_old_ones(row):
    old = row.recovery_codes[0]

    row.renew_codes()

    assert not row.takes(old)
    assert row.takes(row.recovery_codes[0])


def test_odd_input_is_just_wrong(row):
    for code in ("", " ", "é" * 6, "１２３４５６", "x" * 1000, "00000", "-" * 11):
        assert not row.takes(code)


def test_what_is_in_force_is_not_set_up_again_unasked(row, budi):
    with pytest.raises(WrongState):
        TwoStep.start(budi)


def test_neither_the_secret_nor_the_codes_stand_in_the_database(row):
    secret, codes = row.secret, row.recovery_codes
    db.session.flush()

    rows = db.session.execute(sa.text("SELECT * FROM two_step")).one()

    text = " ".join(str(value) for value in rows)
    assert secret not in text
    assert not any(code.replace("-", "") in text for code in codes)


def test_the_picture_is_drawn_here(row):
    assert row.qr_code.startswith("data:image/svg+xml")


def test_it_is_in_force_from_the_first_right_code_and_enabled_once(row, budi, now_s):
    assert row.enabled_at == budi.two_step_at == clock.now()
    assert not row.enable(code_of(row, now_s + 30)), "it is in force already"


def test_who_begins_again_before_a_code_gets_all_new(budi, now_s):
    step = TwoStep.start(budi)
    db.session.flush()
    secret, codes = step.secret, step.recovery_codes
    step.note_saved()
    step.last_step, step.used_codes = int(now_s), 7

    again = TwoStep.start(budi)

    assert again is step
    assert again.secret != secret and again.recovery_codes != codes
    assert (again.last_step, again.codes_left) == (0, 10)
    assert again.codes_saved_at is None


def test_new_codes_are_ten_again_and_not_kept_yet(row):
    row.note_saved()
    assert row.codes_saved_at == clock.now()
    assert row.takes(row.recovery_codes[0])
    assert row.codes_left == 9

    row.renew_codes()

    assert row.codes_left == 10
    assert row.codes_saved_at is None


def test_the_password_alone_opens_again_once_it_is_off(row, budi, andi):
    row.disable(by=andi)
    db.session.flush()

    assert not budi.has_two_step
    assert TwoStep.of(budi) is None
    entry = sa.select(audit.AuditEntry.actor_id).filter_by(action="disable_two_step")
    assert db.session.scalar(entry) == andi.id


def test_an_app_of_any_kind_reads_the_code(row, at, now_s):
    """Six digits each half minute, with a gap between where an app writes one."""
    at("2026-03-02 09:10+07:00")
    app = pyotp.TOTP(row.secret, digits=6, interval=30)
    code = app.at(int(now_s) + 600)
    assert len(row.secret) == 32
    assert row.takes(f" {code[:3]} {code[3:]} ")


def test_a_recovery_code_is_ten_letters_in_two_halves(row):
    for code in row.recovery_codes:
        assert [len(half) for half in code.split("-")] == [5, 5]
    assert len(row.recovery_codes) == 10


@pytest.mark.parametrize("is_demo", [False, True])
def test_a_new_installation_requires_it_of_the_staff(tmp_path, is_demo):
    """A demo asks for no codes; an office that is there keeps what it chose."""
    app = create_app(settings_for(tmp_path, demo=is_demo))
    runner = app.test_cli_runner()

    result = runner.invoke(args=["prepare", "--no-articles"])

    assert result.exit_code == 0, result.output
    with app.app_context():
        assert settings.current().require_two_step is not is_demo
        with transaction():
            settings.change({"require_two_step": is_demo})
    assert runner.invoke(args=["prepare", "--no-articles"]).exit_code == 0
    with app.app_context():
        assert settings.current().require_two_step is is_demo
        db.engine.dispose()
    if is_demo:
        assert "not required here" in result.output
