"""The scheduler: `python scheduler.py` hands every job to the worker in its time."""

import logging
import sys
from contextlib import suppress
from datetime import timedelta

from flask import Flask
from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq.cron import CronJob, CronScheduler
from rq.utils import now

import sd_notify
from pst import create_app
from pst.background import QUEUE, RUNG_S, bell, redis_url
from pst.server.config_values import BadSetting
from pst.timetable import TIMETABLE

DAY = 86_400


class PatientScheduler(CronScheduler):
    """A scheduler that can be stopped also while Redis is away.

    It hands nothing over that already waits: neither a scheduler started again and
    again nor a second one fills the queue.
    """

    def enqueue_jobs(self) -> list[CronJob]:
        due = [job for job in self.get_jobs() if is_due(job)]
        for job in due:
            if self.connection.set(bell(job.func_name), 1, nx=True, ex=RUNG_S):
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


def main(app: Flask) -> None:
    url = redis_url(app)
    sd_notify.ready()
    sd_notify.outlive_redis(schedule, url)
    sd_notify.stopping()


def schedule(connection: Redis) -> None:
    """Hand over every job in its time.

    RQ runs interval jobs once at its start: what was missed is made up.
    """
    logging.getLogger("rq.cron").setLevel(logging.WARNING)  # no line for each job
    cron = PatientScheduler(connection=connection)
    for line in TIMETABLE:
        cron.register(
            line.job,
            QUEUE,
            interval=line.every,
            job_timeout=line.timeout,
            result_ttl=60,
            failure_ttl=DAY,
            ttl=line.every,
        )
    cron.start()


if __name__ == "__main__":
    try:
        main(create_app())
    except BadSetting as error:
        sys.exit(f"scheduler.py: {error}")
    except KeyboardInterrupt:
        pass
