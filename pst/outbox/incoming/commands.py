"""`flask outbox bounce`: take a mail that came back, from a mail server's pipe."""

import sys

import click
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from pst.database import is_trouble, transaction
from pst.outbox.incoming import replies
from pst.outbox.incoming.bounces import MAX_BYTES, BounceHandling, take

outbox = AppGroup("outbox", help="Mails we owe, and those that came back.")
# What a mail server takes for *try again later* (sysexits.h).
TRY_AGAIN = 75


@outbox.command("bounce")
@click.option("--to", "recipient", default="", help="Where it went (optional).")
def bounce(recipient: str) -> None:
    """Take a mail that came back, from standard input: a report, or a reply.

    What is neither about a mail of ours is dropped without a complaint: one would go
    back to its sender.
    """
    whole = sys.stdin.buffer.read(replies.MAX_WHOLE_BYTES)
    while sys.stdin.buffer.read(MAX_BYTES):  # a server counts what is not read
        pass
    raw = whole[:MAX_BYTES]
    try:
        take_up = replies.prepare(raw, lambda: whole, recipient)
        with transaction():
            if take_up is not None:
                take_up()
            outcome = (
                BounceHandling.WRITTEN if take_up is not None else take(raw, recipient)
            )
    except replies.NotNow as error:
        click.echo(str(error), err=True)
        raise SystemExit(TRY_AGAIN) from error
    except DBAPIError as error:
        if not is_trouble(error):
            raise
        click.echo("The database takes nothing now.", err=True)
        raise SystemExit(TRY_AGAIN) from error
    click.echo(outcome.value)
