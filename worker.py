"""The worker: `python worker.py`."""

import contextlib
import logging
import sys
from pathlib import Path
from typing import Any

from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.job import Job

import sd_notify
from pst import clock, create_app
from pst.admin import job_runs
from pst.background import QUEUE, come_to, redis_url
from pst.database import db
from pst.server.config_values import BadSetting

log = logging.getLogger("pst.worker")
# RQ says that a worker lives a little before this is over, also when nothing is to do.
SILENCE_S = 120
FIRST_TO_END = "1000"  # oom_score_adj, see proc_pid_oom_score_adj(5)


class AppWorker(Worker):
    """An RQ worker whose jobs each run inside their own application context."""

    app: Flask
    max_connection_wait_time = 5.0
    error: str | None = None
    is_told_to_stop = False

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Let a job end before all else when memory is short, and with its worker."""
        Path("/proc/self/oom_score_adj").write_text(FIRST_TO_END)
        sd_notify.end_with_parent()
        super().main_work_horse(job, queue)

    def perform_job(self, job: Job, *args: Any, **kwargs: Any) -> bool:
        with self.app.app_context():
            started_at = clock.now()
            come_to(self.connection, job.func_name)
            is_done = super().perform_job(job, *args, **kwargs)
            error = None if is_done else self.error or "?"
            job_runs.note(job.func_name.rpartition(".")[2], started_at, error)
            return is_done

    def handle_work_horse_killed(self, job: Job, *how: Any) -> None:
        """Note a run that ended with its process: killed, out of memory."""
        with self.app.app_context():
            name = job.func_name.rpartition(".")[2]
            job_runs.note(name, clock.now(), f"the process was killed, status {how[1]}")
            db.session.remove()
            db.engine.dispose()  # no connection is carried into the next process

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        self.error = f"{exc_info[0].__name__}: {exc_info[1]}"
        super().handle_exception(job, *exc_info)

    def heartbeat(self, *args: Any, **kwargs: Any) -> None:
        super().heartbeat(*args, **kwargs)
        sd_notify.alive()

    def request_stop(self, *args: Any) -> None:
        self.is_told_to_stop = True
        sd_notify.stopping()
        super().request_stop(*args)

    def teardown(self) -> None:
        with contextlib.suppress(RedisError):  # it may be Redis that is gone
            super().teardown()


def work(connection: Redis) -> None:
    queue = Queue(QUEUE, connection=connection)
    worker = AppWorker([queue], connection=connection, worker_ttl=SILENCE_S)
    worker.work(logging_level="WARNING")
    if not worker.is_told_to_stop:  # as when Redis went away in the middle of a job
        raise RedisError("the worker gave up")


def main(app: Flask) -> None:
    url = redis_url(app)
    AppWorker.app = app
    # Not six lines for each job.
    logging.getLogger("rq.worker").setLevel(logging.WARNING)
    sd_notify.ready()
    sd_notify.outlive_redis(work, url)


if __name__ == "__main__":
    try:
        main(create_app())
    except BadSetting as error:
        sys.exit(f"worker.py: {error}")
    except KeyboardInterrupt:
        pass
