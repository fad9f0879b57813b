"""The worker and the scheduler: `python worker.py` and `python worker.py scheduler`."""

import contextlib
import logging
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.job import Job

from pst import clock, create_app
from pst.admin import runs
from pst.background import QUEUE, come_to, connect
from pst.config import BadSetting
from pst.database import db
from pst.timetable import scheduler

log = logging.getLogger("pst.worker")
PAUSE_S = 2  # between attempts to reach Redis


class AppWorker(Worker):
    """An RQ worker whose jobs each run inside their own application context."""

    max_connection_wait_time = 5.0
    error: str | None = None

    def perform_job(self, job: Job, *args: Any, **kwargs: Any) -> bool:
        with app.app_context():
            started_at = clock.now()
            come_to(self.connection, job.func_name)
            is_done = super().perform_job(job, *args, **kwargs)
            error = None if is_done else self.error or "?"
            runs.note(job.func_name.rpartition(".")[2], started_at, error)
            return is_done

    def handle_work_horse_killed(self, job: Job, *how: Any) -> None:
        """Note a run that ended with its process: killed, out of memory."""
        with app.app_context():
            name = job.func_name.rpartition(".")[2]
            runs.note(name, clock.now(), f"the process was killed, status {how[1]}")
            db.session.remove()
            db.engine.dispose()  # no connection is carried into the next process

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        self.error = f"{exc_info[0].__name__}: {exc_info[1]}"
        super().handle_exception(job, *exc_info)

    def teardown(self) -> None:
        with contextlib.suppress(RedisError):  # it may be Redis that is gone
            super().teardown()


def work(connection: Redis) -> None:
    queue = Queue(QUEUE, connection=connection)
    AppWorker([queue], connection=connection).work(logging_level="WARNING")


def schedule(connection: Redis) -> None:
    scheduler(connection).start()


def outlive_redis(run: Callable[[Redis], None], url: str) -> None:
    """Call `run` until it ends by itself; when Redis goes away, begin again."""
    was_away = False
    while True:
        try:
            connection = connect(url)
            connection.ping()
            if was_away:
                log.warning("Redis is back")
            was_away = False
            return run(connection)
        except RedisError as error:
            if not was_away:
                log.warning("Redis is away (%s); waiting for it", error)
            was_away = True
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            time.sleep(PAUSE_S)


def main() -> None:
    url = app.config["PST"].redis_url
    if not url:
        raise BadSetting("PST_REDIS_URL is not set: the worker needs Redis.")
    for name in ("rq.worker", "rq.cron"):  # not six lines for each job
        logging.getLogger(name).setLevel(logging.WARNING)
    outlive_redis(schedule if sys.argv[1:] == ["scheduler"] else work, url)


if __name__ == "__main__":
    try:
        app = create_app()
        main()
    except BadSetting as error:
        sys.exit(f"worker.py: {error}")
    except KeyboardInterrupt:
        pass
