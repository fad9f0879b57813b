"""What the mail server answers at each stage, and connections that end."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from smtplib import (
    SMTP,
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from typing import NoReturn

from pst.outbox.answers import SmtpAnswer, Stage


class DeliveryRefusal(Exception):
    """The mail server said no, or nothing; `answer` says what that means."""

    def __init__(self, answer: SmtpAnswer) -> None:
        super().__init__(f"{answer.stage} {answer.status}")
        self.answer = answer


def refuse(stage: Stage, code: int, words: bytes | str) -> NoReturn:
    """Raise what the server answered."""
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    # -1 is how smtplib says that what came was no answer at all.
    raise DeliveryRefusal(SmtpAnswer(stage, code, text.strip(), is_broken=code < 0))


@contextmanager
def asking(stage: Stage) -> Iterator[None]:
    """Turn what may go wrong at `stage` into `DeliveryRefusal`."""
    try:
        yield
    except DeliveryRefusal:
        raise
    except SMTPServerDisconnected as error:
        raise DeliveryRefusal(broken(stage, error)) from error
    except (SMTPConnectError, SMTPHeloError, SMTPResponseException) as error:
        refuse(stage, error.smtp_code, error.smtp_error)
    except SMTPException as error:  # no log-in that both know
        raise DeliveryRefusal(SmtpAnswer(stage, None, str(error))) from error
    except OSError as error:
        if is_distrust(error, stage):
            words = getattr(error, "verify_message", "") or str(error)
            raise DeliveryRefusal(SmtpAnswer(Stage.TRUST, None, words)) from error
        raise DeliveryRefusal(broken(stage, error)) from error


def is_distrust(error: OSError, stage: Stage) -> bool:
    """Return whether the server could not prove who it is."""
    is_greeting = stage in (Stage.CONNECT, Stage.STARTTLS)
    is_end = isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError)
    return is_greeting and isinstance(error, ssl.SSLError) and not is_end


def broken(stage: Stage, error: Exception) -> SmtpAnswer:
    """Return what it means that the connection ended at `stage`."""
    return SmtpAnswer(stage, None, str(error) or type(error).__name__, is_broken=True)


def wait(host: SMTP, seconds: float) -> None:
    """Limit to so many seconds the time for an answer, or for taking a block."""
    if host.sock is None:
        raise SMTPServerDisconnected("the connection has ended")
    host.sock.settimeout(max(seconds, 0.001))
