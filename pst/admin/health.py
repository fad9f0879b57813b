"""How the system is: what an admin looks at first."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from redis.exceptions import RedisError

from pst.admin import runs
from pst.admin.queries import Mails
from pst.database import db
from pst.formatting import size
from pst.knowledge import search
from pst.knowledge.importing import published_documents

LITTLE_DISK = 500_000_000


@dataclass(frozen=True)
class Check:
    """One thing that can be well or not; `name` chooses the words on screen."""

    name: str
    is_well: bool
    value: str


def checks() -> list[Check]:
    """Look at everything once."""
    config = current_app.config["PST"]
    free = shutil.disk_usage(config.data_dir).free
    database = Path(config.database_url.removeprefix("sqlite:///"))
    failed = Mails().counts["failed"]
    return [
        Check("database", True, size(database.stat().st_size)),
        Check("disk", free > LITTLE_DISK, size(free)),
        Check("redis", has_redis(), ""),
        Check("mail", config.mail is not None, config.mail.host if config.mail else ""),
        Check("failed_mails", failed == 0, str(failed)),
        Check("jobs", not [run for run in runs.last().values() if run.has_failed], ""),
        Check("search", not has_drift(), ""),
    ]


def has_drift() -> bool:
    """Say whether the search index and the articles say different things."""
    return bool(search.check(db.session.connection(), published_documents()))


def has_redis() -> bool:
    """Say whether jobs reach the worker at once."""
    queue = current_app.extensions["queue"]
    try:
        return bool(queue and queue.connection.ping())
    except RedisError:
        return False
