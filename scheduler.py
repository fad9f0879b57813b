"""The scheduler: `python scheduler.py` hands every job to the worker in its time.

It knows the jobs by name alone: `worker.py timetable` tells them, and is gone again. So
this process needs a third of the memory that loading them would take.
"""

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq.cron import CronJob, CronScheduler
from rq.utils import now

import sd_notify

DAY = 86_400


class PatientScheduler(CronScheduler):
    """A scheduler that can be stopped also while Redis is away.

    It hands nothing over that already waits: neither a scheduler started again and
    again nor a second one fills the queue.
    """

    bells: dict[str, str] = {}  # name of a job → what says in Redis that it waits
    rung_s = 0

    def enqueue_jobs(self) -> list[CronJob]:
        due = [job for job in self.get_jobs() if is_due(job)]
        for job in due:
            bell = self.bells[job.func_name]
            if self.connection.set(bell, 1, nx=True, ex=self.rung_s):
                job.enqueue(self.connection)
            job.set_enqueue_time(now())
        return due

    def heartbeat(self) -> None:
        super().heartbeat()
        sd_notify.alive()

    def register_death(self, pipeline: Pipeline | None = None) -> None:
        with suppress(RedisError):
            super().register_death(pipeline)


def is_due(job: CronJob) -> bool:
    """Return whether the job is to run: also when the clock went back since.

    Otherwise a job that ran under a clock far ahead would wait until that date.
    """
    next_at, every = job.next_enqueue_time, timedelta(seconds=job.interval or 0)
    return job.should_run() or (next_at is not None and next_at - now() > every)


def main() -> None:
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    follow(timetable())


def follow(plan: dict[str, Any]) -> None:
    """Hand over what the plan names until the end is wanted."""
    if not plan["redis_url"]:
        sys.exit("scheduler.py: PST_REDIS_URL is not set: the scheduler needs Redis.")
    sd_notify.ready()
    sd_notify.outlive_redis(partial(schedule, plan), plan["redis_url"])
    sd_notify.stopping()


def timetable() -> dict[str, Any]:
    """Ask which job runs when."""
    worker = Path(__file__).with_name("worker.py")
    result = subprocess.run(
        [sys.executable, str(worker), "timetable"], stdout=subprocess.PIPE, text=True
    )
    if result.returncode:
        sys.exit(result.returncode)
    return json.loads(result.stdout)


def schedule(plan: dict[str, Any], connection: Redis) -> None:
    """Hand over every job in its time.

    RQ runs interval jobs once at its start: what was missed is made up.
    """
    logging.getLogger("rq.cron").setLevel(logging.WARNING)  # no line for each job
    cron = PatientScheduler(connection=connection)
    cron.rung_s = plan["rung_s"]
    cron.bells = {".".join(line["job"]): line["bell"] for line in plan["lines"]}
    for line in plan["lines"]:
        cron.register(
            stand_in(*line["job"]),
            plan["queue"],
            interval=line["every"],
            job_timeout=line["timeout"],
            result_ttl=60,
            failure_ttl=DAY,
            ttl=line["every"],
        )
    cron.start()


def stand_in(module: str, name: str) -> Callable[[], None]:
    """Stand for a function that the worker will load: RQ asks for its name only."""

    def job() -> None:
        raise NotImplementedError(f"{module}.{name} is the worker's to run")

    job.__module__, job.__name__, job.__qualname__ = module, name, name
    return job


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
