"""Keep what a mail server answered: with each mail, and for the server itself.

Until now an answer was kept as the text of an exception, sometimes a Python dict. What
failed before is taken apart, so that the screens can say it in words.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

OUTCOMES = (
    *("dead_address", "mailbox", "later", "content", "unclear", "unsure"),
    *("away", "refuses_us"),
)
STAGES = (
    *("connect", "ehlo", "starttls", "trust", "auth", "mail", "rcpt", "data"),
    "after_dot",
)
OLD_ANSWER = re.compile(r"\((\d{3}), b?(['\"])(.*?)\2\)", re.S)
ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(
        *values, name=name, native_enum=False, create_constraint=True, length=40
    )


def outcome() -> sa.Enum:
    return choice("outcome", *OUTCOMES)


def stage() -> sa.Enum:
    return choice("stage", *STAGES)


def upgrade() -> None:
    op.create_table(
        "mail_server",
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("paused_until", sa.DateTime(), nullable=True),
        sa.Column("since", sa.DateTime(), nullable=True),
        sa.Column("pauses", sa.Integer(), nullable=False),
        sa.Column("outcome", outcome(), nullable=True),
        sa.Column("stage", stage(), nullable=True),
        sa.Column("status", sa.String(20), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("took_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mail_server")),
    )
    with op.batch_alter_table("outbox_mail") as batch:
        batch.add_column(sa.Column("outcome", outcome(), nullable=True))
        batch.add_column(sa.Column("answered_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("stage", stage(), nullable=True))
        batch.add_column(sa.Column("status", sa.String(20), nullable=True))
        batch.add_column(sa.Column("dismissed_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("thread", sa.String(40), nullable=True))
    _take_apart()


def downgrade() -> None:
    with op.batch_alter_table("outbox_mail") as batch:
        for name in ("thread", "dismissed_at", "status", "stage", "answered_at"):
            if name == "stage":
                batch.drop_constraint(op.f("ck_outbox_mail_stage"), type_="check")
            batch.drop_column(name)
        batch.drop_constraint(op.f("ck_outbox_mail_outcome"), type_="check")
        batch.drop_column("outcome")
    op.drop_table("mail_server")


def _take_apart() -> None:
    """Turn `{'a@b': (550, b'5.1.1 no')}` and `(554, b'no')` into code and words."""
    mails = sa.table(
        "outbox_mail", sa.column("id"), sa.column("error"), sa.column("status")
    )
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(mails.c.id, mails.c.error).where(mails.c.error.isnot(None))
    )
    for id, error in rows.all():
        match = OLD_ANSWER.search(error)
        if match is None:
            continue
        code, words = match[1], match[3].replace("\\n", " ")
        enhanced = ENHANCED.match(words)
        status = f"{code} {enhanced[0]}" if enhanced else code
        connection.execute(
            sa.update(mails)
            .where(mails.c.id == id)
            .values(error=f"{code} {words}", status=status)
        )
