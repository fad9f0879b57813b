"""How many consultations wait for an officer, as every officer's page shows it."""

import sqlalchemy as sa

from pst.accounts.users import User
from pst.consultations.states import State
from pst.database import db
from pst.web.access import Role

# Counted along two indexes; `u` is the row of the person who asks.
WAITING = f"""
CASE WHEN u.role = '{Role.OFFICER}' THEN
  (SELECT count(*) FROM consultation WHERE state = '{State.QUEUED}')
  + (SELECT count(*) FROM consultation
     WHERE officer_id = u.id AND state = '{State.ACTIVE}')
END
"""


def waiting_for(person: User) -> int:
    """Count the queue and what `person` is to answer; nothing for who serves none."""
    query = sa.text(f"SELECT {WAITING} FROM user AS u WHERE u.id = :id")
    return db.session.scalar(query, {"id": person.id}) or 0
