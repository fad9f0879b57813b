"""The table of server answers: stage, code and words × what they mean."""

import pytest

from pst.outbox.answers import Outcome, SmtpAnswer, Stage

TABLE = [
    # before any mail: the server and our account
    (Stage.CONNECT, "554 5.7.1 Your IP is listed", Outcome.REFUSES_US),
    (Stage.CONNECT, "421 4.3.2 Too busy", Outcome.AWAY),
    (Stage.CONNECT, "450 come back", Outcome.AWAY),
    (Stage.EHLO, "550 5.5.2 Need a fully qualified name", Outcome.REFUSES_US),
    (Stage.EHLO, "421 4.7.0 Later", Outcome.AWAY),
    (Stage.STARTTLS, "454 4.7.0 TLS not available", Outcome.AWAY),
    (Stage.STARTTLS, "501 5.5.1 No", Outcome.REFUSES_US),
    (Stage.AUTH, "535 5.7.8 Wrong password", Outcome.REFUSES_US),
    (Stage.AUTH, "535 Wrong password", Outcome.REFUSES_US),
    (Stage.AUTH, "534 5.7.9 Application-specific password", Outcome.REFUSES_US),
    (Stage.AUTH, "454 4.7.0 Temporary failure", Outcome.AWAY),
    # the sender
    (Stage.MAIL, "451 4.3.0 Later", Outcome.AWAY),
    (Stage.MAIL, "451 Later", Outcome.AWAY),
    (Stage.MAIL, "452 4.3.1 No storage", Outcome.AWAY),
    (Stage.MAIL, "421 4.7.28 Rate limited", Outcome.AWAY),
    (Stage.MAIL, "530 5.7.0 Authentication required", Outcome.REFUSES_US),
    (Stage.MAIL, "553 5.1.8 Domain of sender unknown", Outcome.REFUSES_US),
    (Stage.MAIL, "550 5.1.0 No such sender", Outcome.REFUSES_US),
    (Stage.MAIL, "550 no", Outcome.REFUSES_US),
    (Stage.MAIL, "552 5.3.4 Message too big", Outcome.CONTENT),
    # the recipient is dead: the only end of a mail
    (Stage.RCPT, "550 5.1.1 <a@b.test>: User unknown", Outcome.DEAD_ADDRESS),
    (Stage.RCPT, "550-5.1.1 No such account.\n5.1.1 Sorry", Outcome.DEAD_ADDRESS),
    (Stage.RCPT, "550 5.1.2 Bad domain", Outcome.DEAD_ADDRESS),
    (Stage.RCPT, "501 5.1.3 Bad syntax", Outcome.DEAD_ADDRESS),
    (Stage.RCPT, "551 5.1.6 Moved", Outcome.DEAD_ADDRESS),
    (Stage.RCPT, "550 5.1.10 Null MX", Outcome.DEAD_ADDRESS),
    (Stage.RCPT, "550 #5.1.0 Address rejected.", Outcome.DEAD_ADDRESS),
    (Stage.RCPT, "550 5.1.1 <sender.spf@b.test>: unknown", Outcome.DEAD_ADDRESS),
    (Stage.AFTER_DOT, "550 5.1.1 No such user here", Outcome.DEAD_ADDRESS),
    # the mailbox
    (Stage.RCPT, "552 5.2.2 Mailbox full", Outcome.MAILBOX),
    (Stage.RCPT, "452 4.2.2 Over quota", Outcome.MAILBOX),
    (Stage.RCPT, "552 Over quota", Outcome.MAILBOX),
    (Stage.RCPT, "550 5.2.1 Mailbox disabled", Outcome.MAILBOX),
    (Stage.RCPT, "450 4.2.0 Greylisted", Outcome.LATER),
    (Stage.AFTER_DOT, "552 5.2.2 Mailbox full", Outcome.MAILBOX),
    # this mail, later
    (Stage.RCPT, "451 later", Outcome.LATER),
    (Stage.RCPT, "450 4.1.1 Address probe failed", Outcome.LATER),
    (Stage.RCPT, "451 4.7.1 Greylisting in action", Outcome.LATER),
    (Stage.RCPT, "450 4.4.3 Cannot resolve", Outcome.LATER),
    (Stage.AFTER_DOT, "451 later", Outcome.LATER),
    # this mail as it is
    (Stage.RCPT, "552 5.3.4 Too big", Outcome.CONTENT),
    (Stage.AFTER_DOT, "552 5.3.4 Too big", Outcome.CONTENT),
    (Stage.AFTER_DOT, "552 5.2.3 Longer than allowed", Outcome.CONTENT),
    (Stage.AFTER_DOT, "554 5.6.0 Bad content", Outcome.CONTENT),
    # us, although the mail or its recipient was asked about
    (Stage.RCPT, "550 5.7.1 <pst@x.test>: Sender rejected", Outcome.REFUSES_US),
    (Stage.RCPT, "554 5.7.1 <a@b.test>: Relay access denied", Outcome.REFUSES_US),
    (Stage.RCPT, "554 5.7.1 Client host blocked", Outcome.REFUSES_US),
    (Stage.RCPT, "550 5.4.5 Daily sending quota exceeded", Outcome.REFUSES_US),
    (Stage.RCPT, "550 5.1.0 <p@x>: Sender address rejected", Outcome.REFUSES_US),
    (Stage.RCPT, "550 5.1.8 <p@x>: Domain not found", Outcome.REFUSES_US),
    (Stage.RCPT, "550 5.1.7 <p@x>: bad reverse-path", Outcome.REFUSES_US),
    (Stage.RCPT, "554 Relaying denied", Outcome.REFUSES_US),
    (Stage.RCPT, "550 Your IP is on a blocklist", Outcome.REFUSES_US),
    (Stage.RCPT, "503 5.5.1 MAIL first", Outcome.REFUSES_US),
    (Stage.RCPT, "530 Authenticate first", Outcome.REFUSES_US),
    (Stage.RCPT, "550 5.3.0 System trouble", Outcome.REFUSES_US),
    (Stage.RCPT, "450 4.1.8 <p@x>: Sender address rejected", Outcome.AWAY),
    (Stage.RCPT, "450 4.7.25 Client host rejected", Outcome.AWAY),
    (Stage.RCPT, "451 4.3.5 Server configuration error", Outcome.AWAY),
    (Stage.RCPT, "421 4.4.2 Closing", Outcome.AWAY),
    (Stage.DATA, "554 5.5.1 No valid recipients", Outcome.REFUSES_US),
    (Stage.DATA, "451 4.3.0 Later", Outcome.AWAY),
    (Stage.AFTER_DOT, "554 5.7.1 Spam", Outcome.REFUSES_US),
    (Stage.AFTER_DOT, "550 5.4.5 Daily sending quota exceeded", Outcome.REFUSES_US),
    (Stage.AFTER_DOT, "550 5.7.26 DMARC", Outcome.REFUSES_US),
    (Stage.AFTER_DOT, "500 Line too long", Outcome.REFUSES_US),
    (Stage.AFTER_DOT, "451 4.3.0 Queue file write error", Outcome.AWAY),
    (Stage.AFTER_DOT, "450 4.7.1 Too much mail", Outcome.AWAY),
    # no reason told
    (Stage.RCPT, "550 no such user", Outcome.UNCLEAR),
    (Stage.RCPT, "550 4.1.1 codes that disagree", Outcome.UNCLEAR),
    (Stage.RCPT, "553 no", Outcome.UNCLEAR),
    (Stage.AFTER_DOT, "554 no", Outcome.UNCLEAR),
    (Stage.AFTER_DOT, "554 5.0.0 no", Outcome.UNCLEAR),
]


@pytest.mark.parametrize(("stage", "line", "outcome"), TABLE)
def test_an_answer_means(stage: Stage, line: str, outcome: Outcome):
    code, words = line[:3], line[4:]

    assert SmtpAnswer(stage, int(code), words).outcome is outcome


@pytest.mark.parametrize("stage", Stage)
def test_a_connection_that_ends_leaves_doubt_only_after_the_dot(stage: Stage):
    answer = SmtpAnswer(stage, None, "timed out", is_broken=True)

    is_after = stage is Stage.AFTER_DOT
    assert answer.outcome is (Outcome.UNSURE if is_after else Outcome.AWAY)


def test_a_server_without_encryption_or_name_refuses_us():
    assert SmtpAnswer(Stage.TRUST, None, "expired").outcome is Outcome.REFUSES_US
    assert SmtpAnswer(Stage.AUTH, None, "no method").outcome is Outcome.REFUSES_US
