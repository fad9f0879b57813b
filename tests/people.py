"""The people of the tests: the same names everywhere.

Siti and Dewi are users, Budi and Rina officers, Pak Hasan the head, Andi the IT
person. Dewi must never see Siti's consultation.
"""

from pst.demo import PASSWORD, PEOPLE, Person

__all__ = ["PASSWORD", "PEOPLE", "Person", "email_of"]


def email_of(name: str) -> str:
    """Tell the address of `siti`, `dewi`, `budi`, `rina`, `hasan` or `andi`."""
    return f"{name}@contoh.test"
