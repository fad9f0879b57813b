"""A copy of all that is kept about one person: the rows, as its owner may see them."""

from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from pst.accounts.consents import Consent
from pst.accounts.log_ins import LogIn
from pst.accounts.users import User
from pst.accounts.visitors import visits_of
from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.conversation.read_marks import ReadMark
from pst.consultations.filing.unfiled import UnfiledRequest
from pst.consultations.messages import Kind, Message
from pst.consultations.models import Consultation
from pst.database import db
from pst.feedback import survey
from pst.feedback.follow_ups.models import FollowUp
from pst.feedback.models import Rating
from pst.feedback.survey_answers import SurveyAnswer
from pst.office.audit import AuditEntry
from pst.outbox.models import OutboxMail
from pst.push.devices import PushDevice

# The subjects in the audit trail whose number people read.
NUMBERED = ("consultation", "follow_up")


@dataclass
class Copy:
    """All that is kept about `person`, without the internal notes of the office."""

    person: User

    @cached_property
    def visits(self) -> list[User]:
        return visits_of(self.person)

    @cached_property
    def ids(self) -> list[int]:
        """The ids of the account and of the visits made without it."""
        return [self.person.id, *(visit.id for visit in self.visits)]

    @cached_property
    def consultations(self) -> list[Consultation]:
        query = sa.select(Consultation).where(Consultation.user_id.in_(self.ids))
        return list(db.session.scalars(query.order_by(Consultation.id)))

    @cached_property
    def messages(self) -> dict[int, list[Message]]:
        """The entries of each consultation that its user may see."""
        query = (
            sa.select(Message)
            .options(selectinload(Message.attachments), selectinload(Message.author))
            .join(Consultation)
            .where(Consultation.user_id.in_(self.ids), Message.kind != Kind.NOTE)
            .order_by(Message.id)
        )
        by_id: dict[int, list[Message]] = {row.id: [] for row in self.consultations}
        for message in db.session.scalars(query):
            by_id[message.consultation_id].append(message)
        return by_id

    @cached_property
    def ratings(self) -> dict[int, Rating]:
        query = (
            sa.select(Rating)
            .join(Consultation)
            .where(Consultation.user_id.in_(self.ids))
        )
        return {row.consultation_id: row for row in db.session.scalars(query)}

    @cached_property
    def surveys(self) -> list[SurveyAnswer]:
        query = sa.select(SurveyAnswer).where(SurveyAnswer.user_id.in_(self.ids))
        return list(db.session.scalars(query.order_by(SurveyAnswer.id)))

    @cached_property
    def consents(self) -> list[Consent]:
        return Consent.history(self.person)

    @cached_property
    def log_ins(self) -> list[LogIn]:
        return LogIn.of(self.person)

    @cached_property
    def devices(self) -> list[PushDevice]:
        return PushDevice.of(self.person)

    @cached_property
    def mails(self) -> list[OutboxMail]:
        addresses = {self.person.email, *(visit.mailbox[1] for visit in self.visits)}
        query = sa.select(OutboxMail).where(OutboxMail.to_address.in_(addresses))
        return list(db.session.scalars(query.order_by(OutboxMail.id)))

    @cached_property
    def traces(self) -> list[AuditEntry]:
        """The entries of the audit trail about what this person did."""
        query = sa.select(AuditEntry).where(AuditEntry.actor_id.in_(self.ids))
        return list(db.session.scalars(query.order_by(AuditEntry.id)))

    @cached_property
    def follow_ups(self) -> list[FollowUp]:
        query = sa.select(FollowUp).where(
            FollowUp.rating_id.in_([rating.id for rating in self.ratings.values()])
        )
        return list(db.session.scalars(query.order_by(FollowUp.id)))

    @cached_property
    def read_marks(self) -> dict[int, ReadMark]:
        """How far the person has read each consultation, and when, by its id."""
        query = sa.select(ReadMark).filter_by(user_id=self.person.id)
        return {row.consultation_id: row for row in db.session.scalars(query)}

    @cached_property
    def unfiled(self) -> list[UnfiledRequest]:
        """Requests written with this person's address that were not filed yet."""
        query = UnfiledRequest.kept_about(self.person)
        return list(db.session.scalars(query.order_by(UnfiledRequest.id)))

    @cached_property
    def unsent(self) -> list[Attachment]:
        """Files that were uploaded for a message not sent yet."""
        query = sa.select(Attachment).filter_by(
            uploader_id=self.person.id, message_id=None
        )
        return list(db.session.scalars(query.order_by(Attachment.id)))

    def answers(self, row: SurveyAnswer) -> list[tuple[survey.Element, str]]:
        """Return the answered questions of a questionnaire, each with its answer."""
        elements = survey.questionnaire(row.version)
        scores = [(element, getattr(row, element.code)) for element in elements]
        return [(each, each.answers[score - 1]) for each, score in scores if score]

    def number_in(self, entry: AuditEntry) -> str:
        """Return the number an entry is about if people know it, and never an id."""
        kind, _, name = entry.subject.partition(":")
        return name if kind in NUMBERED else ""

    @property
    def attachments(self) -> list[tuple[str, Attachment]]:
        """The files, each with its place in the copy."""
        return [
            (place_of(consultation, attachment), attachment)
            for consultation in self.consultations
            for message in self.messages[consultation.id]
            for attachment in message.attachments
        ] + [(f"lampiran/belum-terkirim/{it.id}-{it.name}", it) for it in self.unsent]


def place_of(consultation: Consultation, attachment: Attachment) -> str:
    """Return the path of an attachment within the copy."""
    return f"lampiran/{consultation.number}/{attachment.id}-{attachment.name}"
