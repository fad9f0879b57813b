"""The worker and the scheduler: `python worker.py` and `python worker.py scheduler`."""

import logging
import sys
from typing import Any

from rq import Queue, Worker
from rq.job import Job

from pst import create_app
from pst.background import QUEUE, connect
from pst.config import BadSetting
from pst.timetable import scheduler


class AppWorker(Worker):
    """An RQ worker whose jobs each run inside their own application context."""

    def perform_job(self, job: Job, *args: Any, **kwargs: Any) -> bool:
        with app.app_context():
            return super().perform_job(job, *args, **kwargs)


def main() -> None:
    url = app.config["PST"].redis_url
    if not url:
        raise BadSetting("PST_REDIS_URL is not set: the worker needs Redis.")
    for name in ("rq.worker", "rq.cron"):  # not six lines for each job
        logging.getLogger(name).setLevel(logging.WARNING)
    connection = connect(url)
    if sys.argv[1:] == ["scheduler"]:
        scheduler(connection).start()
    else:
        queue = Queue(QUEUE, connection=connection)
        AppWorker([queue], connection=connection).work(logging_level="WARNING")


if __name__ == "__main__":
    try:
        app = create_app()
        main()
    except BadSetting as error:
        sys.exit(f"worker.py: {error}")
