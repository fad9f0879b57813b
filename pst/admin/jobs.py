"""What the clock does for the IT person."""

from itertools import islice

from pst import clock, lamps
from pst.accounts.users import User
from pst.admin.health import integrity
from pst.database import db, engine, only_read, reading, transaction
from pst.lamps import Level
from pst.office import audit, days_off, settings
from pst.outbox.models import OutboxMail
from pst.web.access import Role

AUDIT, MAX_NAMED = "audit", 5
lamps.register(AUDIT)


def keep_calendar() -> None:
    """Seed the days off of last year, this year and the next."""
    with transaction():
        days_off.seed_ahead()


def tend_database() -> None:
    """Look whether the data are sound, and keep the database quick and small.

    Raises `Unsound`, which the system screen shows until a later run finds nothing.
    """
    only_read()
    try:
        integrity.look()
    finally:
        db.session.rollback()
        only_read(False)
    with db.engine.connect() as connection:
        engine().tend(connection)
        connection.commit()
    engine().shorten_log()


def check_trail() -> None:
    """Look whether the audit trail is whole, and turn its lamp."""
    with reading():
        broken_ids = list(islice(audit.broken_ids(), MAX_NAMED))
    level = Level.BAD if broken_ids else Level.GOOD
    with transaction():
        lamps.turn(AUDIT, level, ", ".join(map(str, broken_ids)) or None)


def mail_trail_end() -> None:
    """Mail the admins, once a month, where the audit trail ends: it is kept there."""
    month = clock.today(settings.current().zone).replace(day=1)
    db.session.rollback()
    with transaction():
        id, hashed = audit.end_of_chain()
        for admin in User.serving(Role.ADMIN):
            OutboxMail.put(
                "trail_end",
                to=admin.mailbox,
                cause=f"{month.isoformat()}:{admin.id}",
                end=f"{id}:{hashed}",
                begin=audit.beginning_of_keys(),
            )
