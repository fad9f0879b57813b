"""Erasing a person at once and everywhere, except for what the statistics count."""

import logging

import sqlalchemy as sa

from pst.accounts.address_change import AddressChange
from pst.accounts.log_in.two_step import TwoStep
from pst.accounts.registration.registrations import Registration
from pst.accounts.tokens import LinkToken
from pst.accounts.users import User
from pst.accounts.visitors import visits_of
from pst.background import later
from pst.consultations.answers.drafts import Draft
from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.conversation.read_marks import ReadMark
from pst.consultations.filing.unfiled import UnfiledRequest
from pst.consultations.models import Consultation
from pst.database import db, engine
from pst.feedback.models import Rating
from pst.knowledge.article.revisions import Revision
from pst.knowledge.models import Article
from pst.knowledge.privacy import FindingKind, known_of, redact
from pst.outbox.bad_addresses import BadAddress
from pst.outbox.models import OutboxMail
from pst.personal_data.breaches import Breach
from pst.push.devices import PushDevice
from pst.reports.figures.themes import CommentTheme
from pst.rules import WrongState
from pst.single_sign_on.models import SignOnAccount
from pst.uploads.file_store import files
from pst.uploads.formats import StoreAway
from pst.uploads.storage import name_of

log = logging.getLogger(__name__)
FORGET_WORDS = "pst.personal_data.jobs.forget_words"


def erase(person: User, by: User | None, *, tell: bool = True) -> list[str]:
    """Forget who `person` is and all they wrote; `by` is None when time is up.

    Only users' accounts: what officers wrote belongs to the office. Their open
    consultations end. Return the files to remove after the commit. Raise `WrongState`
    while an earlier address may take the account back; an erasure that is repeated
    (`tell` is false) does not ask again.
    """
    if person.is_staff:
        raise WrongState(
            "Akun petugas tidak dihapus, tetapi dinonaktifkan oleh Admin TI."
        )
    if person.is_erased:
        return []
    if tell:
        AddressChange.require_settled(person)
    engine().wipe_deleted()
    names: list[str] = []
    for visit in visits_of(person):
        names += erase(visit, by, tell=False)
    for consultation in db.session.scalars(Consultation.owned_by(person)):
        names += erase_conversation(consultation, by)
    mailbox, is_visitor = person.mailbox, person.is_visitor
    _delete_rows_of(person)
    person.erase(by)
    if tell and not is_visitor:
        # The owner notices an erasure that they did not ask for.
        OutboxMail.put("erased", to=mailbox, cause=str(person.id))
    return names


def _delete_rows_of(person: User) -> None:
    """Delete what only served the account, and every copy of its address."""
    for change in db.session.scalars(sa.select(AddressChange).filter_by(user=person)):
        db.session.execute(sa.delete(OutboxMail).where(_is_of_earlier(change)))
    for model in (
        *(ReadMark, LinkToken, TwoStep, AddressChange, PushDevice),
        *(SignOnAccount, UnfiledRequest, Registration),
    ):
        db.session.execute(sa.delete(model).where(model.user_id == person.id))
    _, address = person.mailbox
    db.session.execute(sa.delete(OutboxMail).where(OutboxMail.to_address == address))
    BadAddress.prove(address)
    Breach.forget(address)


def _is_of_earlier(change: AddressChange) -> sa.ColumnElement[bool]:
    """Select the mails to the address before a change, and those about the change.

    Once it was left, the address may be another person's.
    """
    about = (
        f"address_proof:{change.id}",
        f"address_changed:{change.token_hash.hex()[:32]}",
    )
    is_about = OutboxMail.cause.in_(about)
    if change.made_at is None:
        return is_about
    is_earlier = OutboxMail.created_at < change.made_at
    return is_about | (is_earlier & (OutboxMail.to_address == change.before))


def erase_conversation(consultation: Consultation, by: User | None) -> list[str]:
    """Erase the words of one conversation, its files and what was said about it.

    Return the files to remove after the commit.
    """
    names = take_files(consultation)
    _mask_articles(consultation)
    consultation.erase(by)
    db.session.execute(sa.delete(Draft).where(Draft.consultation_id == consultation.id))
    later(FORGET_WORDS)
    numbers = [consultation.number]
    rating = db.session.scalar(
        sa.select(Rating).filter_by(consultation_id=consultation.id)
    )
    if rating is not None:
        rating.erase()
        db.session.execute(
            sa.update(CommentTheme)
            .where(CommentTheme.rating_id == rating.id)
            .values(quote="")
        )
        numbers += [rating.follow_up.number] if rating.follow_up else []
    for number in numbers:  # what the office was mailed about it, too
        about = OutboxMail.body.icontains(number) | OutboxMail.subject.icontains(number)
        db.session.execute(sa.delete(OutboxMail).where(about))
    return names


def _mask_articles(consultation: Consultation) -> None:
    """Mask the user in every version of the articles that came from the conversation.

    What was published has been checked for this; drafts and old versions may not be.
    """
    names = known_of(consultation.user)
    ids = new = {*db.session.scalars(Article.ids_from(consultation.id))}
    while new:  # and what these were merged into
        onward = sa.select(Article.merged_into_id).where(Article.id.in_(new))
        new = {*db.session.scalars(onward)} - {*ids, None}
        ids = ids | new
    for article in db.session.scalars(sa.select(Article).where(Article.id.in_(ids))):
        for revision in article.revisions:
            if revision.number != article.published_number:
                _mask(revision, names)
        if article.published_at is None and redact(article.slug, names) != article.slug:
            article.slug = Article.free_slug(article.latest.title)


def _mask(revision: Revision, facts: tuple[tuple[FindingKind, str], ...]) -> None:
    for name in ("title", "body", "answer_note", "source", "review_note"):
        setattr(revision, name, redact(getattr(revision, name), facts))
    revision.tags = [redact(tag, facts) for tag in revision.tags]
    revision.synonyms = [redact(words, facts) for words in revision.synonyms]


def take_files(consultation: Consultation) -> list[str]:
    """Delete the attachments of a conversation; return the files no other row has."""
    mine = sa.select(Attachment).filter_by(consultation_id=consultation.id)
    rows = list(db.session.scalars(mine))
    hashes = {row.sha256 for row in rows} | {
        row.preview_sha256 for row in rows if row.preview_sha256
    }
    for row in rows:
        db.session.delete(row)
    db.session.flush()
    db.session.expire(consultation, ["messages"])
    others = sa.select(Attachment.sha256, Attachment.preview_sha256).where(
        Attachment.sha256.in_(hashes) | Attachment.preview_sha256.in_(hashes)
    )
    still = {sha256 for row in db.session.execute(others) for sha256 in row}
    return [name_of(sha256) for sha256 in hashes - still]


def remove(names: list[str]) -> None:
    """Remove the files of what was erased, after the commit.

    What the store of files does not remove now, the nightly sweep does.
    """
    try:
        for name in names:
            files().delete(name)
    except StoreAway:
        log.warning("%d erased files wait for the nightly sweep", len(names))
