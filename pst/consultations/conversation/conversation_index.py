"""The officers' full-text index over conversations: what it holds, and asking it.

The database keeps it (migration 0013), so in the transaction of all code that writes a
message, for every author. It holds no text of its own: only words and where they stand.
Notes are in it; so only the desk may ask.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from pst.accounts.users import User
from pst.consultations.messages import Message
from pst.consultations.models import Consultation
from pst.database import db, full_text
from pst.database.word_index import BEGIN_MARK, END_MARK, FullText
from pst.search.engine import Piece

MAX_WORDS = 12
MAX_CHARACTERS = 200
MAX_FOUND = 200
SHOWN, PASSAGES = 25, 3
# Longer than a year, which many more requests speak of.
MIN_CONTACT_LENGTH = 5
PHONE = re.compile(r"[-+() ./0-9]+")
CONSULTATIONS = FullText(
    "consultation_index",
    "consultation",
    ("number", "subject", "description", "silastik_number"),
)
MESSAGES = FullText("message_index", "message", ("body",))


@dataclass(frozen=True)
class ConversationHit:
    """A conversation, and the entries in it where the words stand."""

    consultation: Consultation
    passages: list[tuple[int | None, list[Piece]]]


@dataclass
class Finder:
    """The conversations with all the words of a query, newest first."""

    words: str
    reader: User

    @property
    def terms(self) -> list[str]:
        """Return the words that all must be there; each may be the begin of one.

        Each once, and none that only begins another: the other says so already.
        """
        words = re.findall(r"[^\W_]+", self.words[:MAX_CHARACTERS])[:MAX_WORDS]
        forms = sorted({word.casefold(): word for word in reversed(words)}.items())
        after = [*(form for form, _ in forms[1:]), ""]
        return [
            word
            for (form, word), longer in zip(forms, after, strict=False)
            if not longer.startswith(form)
        ]

    @cached_property
    def conversations(self) -> list[ConversationHit]:
        """Return the conversations, without those that the reader may not see."""
        if not self.terms:
            return []
        in_requests = set(self._ask(CONSULTATIONS))
        entries: dict[int, list[int]] = {}
        for id, consultation_id in self._places(self._ask(MESSAGES)):
            entries.setdefault(consultation_id, []).append(id)
        every = in_requests | set(self._of_people()) | entries.keys()
        newest = sorted(every, reverse=True)[:SHOWN]
        query = (
            Consultation.visible_to(self.reader)
            .options(sa.orm.joinedload(Consultation.user))
            .where(Consultation.id.in_(newest))
            .order_by(Consultation.id.desc())
        )
        consultations = list(db.session.scalars(query))
        passages = self._passages(newest, in_requests, entries)
        return [ConversationHit(each, passages[each.id]) for each in consultations]

    def _passages(
        self, newest: list[int], in_requests: set[int], entries: dict[int, list[int]]
    ) -> dict[int, list[tuple[int | None, list[Piece]]]]:
        """Return the first passages of each conversation, of its request before all."""
        most = {
            id: entries.get(id, [])[: PASSAGES - (id in in_requests)] for id in newest
        }
        requests = CONSULTATIONS.passages(
            [id for id in newest if id in in_requests], self.terms
        )
        texts = MESSAGES.passages(
            [id for ids in most.values() for id in ids], self.terms
        )
        return {
            id: [(None, pieces(requests[each])) for each in (id,) if each in requests]
            + [(entry, pieces(texts[entry])) for entry in most[id]]
            for id in newest
        }

    @property
    def is_cut(self) -> bool:
        return len(self.conversations) == SHOWN

    def _ask(self, index: FullText) -> list[int]:
        return full_text().find(index, self.terms, MAX_FOUND)

    def _places(self, ids: list[int]) -> list[tuple[int, int]]:
        query = (
            sa.select(Message.id, Message.consultation_id)
            .where(Message.id.in_(ids))
            .order_by(Message.id)
        )
        return [(row[0], row[1]) for row in db.session.execute(query)]

    def _of_people(self) -> list[int]:
        """Find the requests of people with this name, or that can be reached there.

        Their personal data is in no index, so erasing it in their row is enough.
        """
        query = (
            sa.select(Consultation.id)
            .where(Consultation.user_id.in_(sa.select(User.id).where(self._is_person)))
            .order_by(Consultation.id.desc())
            .limit(SHOWN)
        )
        return list(db.session.scalars(query))

    @property
    def _is_person(self) -> sa.ColumnElement[bool]:
        text = self.words[:MAX_CHARACTERS].strip()
        words = re.findall(r"[^\W_]+", text)[:MAX_WORDS]
        ways = [
            sa.and_(*(User.name.icontains(word, autoescape=True) for word in words))
        ]
        if len(text) >= MIN_CONTACT_LENGTH and not text.isdecimal():
            ways.append(User.phone.icontains(text, autoescape=True))
        if number := phone_number(text):
            ways.append(_digits(User.phone).icontains(number, autoescape=True))
        if "@" in text:
            ways += [
                each.icontains(text, autoescape=True)
                for each in (User.email, User.reachable_at)
            ]
        return sa.or_(*ways)


def phone_number(text: str) -> str | None:
    """Read what was typed as a part of a telephone number, as far as all write it.

    Some write 0813…, others +62 813…, with blanks and dashes or without.
    """
    if not PHONE.fullmatch(text):
        return None
    digits = re.sub(r"\D", "", text)
    if text.lstrip("( ").startswith("+"):
        digits = digits.removeprefix("62")
    digits = digits.removeprefix("0")
    return digits if len(digits) >= MIN_CONTACT_LENGTH else None


def _digits(column: Any) -> Any:
    """Leave out what people put between the digits of a telephone number."""
    for between in " -.()/":
        column = sa.func.replace(column, between, "")
    return column


def pieces(text: str) -> list[Piece]:
    """Split a passage at the marks around the words that matched."""
    parts = re.split(f"{BEGIN_MARK}([^{END_MARK}]*){END_MARK}", text)
    return [Piece(part, place % 2 == 1) for place, part in enumerate(parts) if part]


def rebuild() -> None:
    """Rebuild the index from the messages."""
    for index in (CONSULTATIONS, MESSAGES):
        full_text().rebuild(index)
