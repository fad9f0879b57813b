"""Answers of a mail server, and a second."""

from datetime import timedelta

from pst.outbox.answers import SmtpAnswer, Stage

LATER = SmtpAnswer(Stage.RCPT, 451, "4.7.1 Try again")
UNSURE = SmtpAnswer(Stage.AFTER_DOT, None, "timed out", is_broken=True)
SECOND = timedelta(seconds=1)
