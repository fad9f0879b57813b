"""How many consultations wait for an officer, as every officer's page shows it."""

import sqlalchemy as sa

from pst import clock
from pst.accounts.users import User
from pst.consultations.states import State
from pst.database import UtcDateTime, read_columns
from pst.web.access import Role

# Counted along indexes; `u` is the row of the person who asks, `now` as it is stored.
WAITING = f"""
CASE WHEN u.role = '{Role.OFFICER}' THEN
  (SELECT count(*) FROM consultation WHERE state = '{State.QUEUED}')
  + (SELECT count(*) FROM consultation
     WHERE officer_id = u.id AND state = '{State.ACTIVE}')
  -- Late for good, also while the user is asked: it leads the list.
  -- CROSS: it begins with the few that are late.
  + (SELECT count(*) FROM turn AS t CROSS JOIN consultation AS c
     WHERE t.ended_at IS NULL AND t.due_at < :now AND c.id = t.consultation_id
       AND c.officer_id = u.id AND c.state = '{State.WAITING_USER}')
END
"""


COUNT = sa.text(f'SELECT {WAITING} FROM "user" AS u WHERE u.id = :id').bindparams(
    sa.bindparam("now", type_=UtcDateTime)
)


def waiting_for(person: User) -> int:
    """Count the queue and what `person` is to answer; nothing for who serves none."""
    values = {"id": person.id, "now": clock.now()}
    return read_columns(COUNT, values).scalar() or 0


def now_as_stored() -> str:
    """Return the time as the database writes it."""
    return f"{clock.now():%Y-%m-%d %H:%M:%S.%f}"
