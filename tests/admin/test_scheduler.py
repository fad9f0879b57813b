"""The scheduler and a clock that was wrong."""

from collections.abc import Callable

import pytest
from rq.cron import CronJob
from rq.utils import now

from pst.admin.backups.duties import back_up
from scheduler import is_due

At = Callable[[str], None]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2028-08-18 08:59+07:00", False),  # within its hour
        ("2028-08-18 09:00+07:00", True),
        ("2028-08-18 07:59:59+07:00", True),  # set back by a second over an hour
        ("2028-08-18 08:00+07:00", False),
        ("2026-03-02 09:00+07:00", True),
    ],
)
def test_a_job_that_ran_under_a_future_clock_runs_when_it_is_right_again(
    at: At, moment: str, expected: bool
):
    job = CronJob("pst", func=back_up, interval=3600)
    at("2028-08-18 08:00+07:00")
    job.set_enqueue_time(now())

    at(moment)

    assert is_due(job) is expected
