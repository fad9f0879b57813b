"""The people of the tests: the same names everywhere.

Siti and Dewi are users, Budi and Rina officers, Pak Hasan the head, Andi the IT
person. Dewi must never see Siti's consultation.
"""

from pst.demo.people import PASSWORD, PEOPLE, Person
from pst.outbox.answers import SmtpAnswer, Stage

__all__ = ["NO_SUCH_USER", "PASSWORD", "PEOPLE", "Person", "email_of"]
# What a mail server answers to an address that does not exist.
NO_SUCH_USER = SmtpAnswer(Stage.RCPT, 550, "5.1.1 No such user")


def email_of(name: str) -> str:
    """Return the address of `siti`, `dewi`, `budi`, `rina`, `hasan` or `andi`."""
    return f"{name}@contoh.test"
