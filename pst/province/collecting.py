"""Asking the offices for their months, one after the other; all faults are kept.

What an office answers is a stranger's: a time limit, a size, a seal, a contract. No
lock is held while one is asked, and asked twice it is stored once.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from pst import clock, lamps
from pst.database import db, reading, transaction
from pst.lamps import Level
from pst.office import settings
from pst.outward import calls
from pst.outward.calls import CallFailure, Party, Reply
from pst.province import contract, signing
from pst.province.contract import BadDocument, MonthlyFigures
from pst.province.districts import District, DistrictMonth
from pst.reports.periods import Period

log = logging.getLogger(__name__)
LAMP = "districts"
TIMEOUT_S = 15
MAX_ETAG_LENGTH = 100
# By how much the clock of an office may be ahead of ours.
MAX_AHEAD = timedelta(minutes=10)
# What the status of an answer means.
REASONS = {401: "token", 403: "token", 404: "not_offered", 429: "too_often"}
# The month before is asked for again: ratings and surveys still come in.
MONTHS = 2
OK, UNCHANGED = 200, 304

lamps.register(LAMP)


@dataclass(frozen=True)
class FiguresRequest:
    """One request to one office; read first, so that no lock is held."""

    district_id: int
    name: str
    address: str
    token: str
    public_key: str
    period: str
    etag: str
    counted_at: datetime | None

    @property
    def party(self) -> Party:
        return Party(
            LAMP,
            (calls.host_of(self.address),),
            timeout_s=TIMEOUT_S,
            max_bytes=contract.MAX_BYTES,
        )


@dataclass(frozen=True)
class CollectionResult:
    """How asking an office for a month went; `fault` is one word, "" for well."""

    name: str
    period: str
    fault: str = ""
    detail: str = ""
    is_new: bool = False


def collect(periods: list[str] | None = None) -> list[CollectionResult]:
    """Ask every office for `periods`, the last two months by default."""
    periods = periods or usual_periods()
    with reading():
        ids = [district.id for district in District.all()]
    outcomes = [outcome for id in ids for outcome in collect_from(id, periods)]
    if ids:
        note_lamp()
    return outcomes


def collect_from(district_id: int, periods: list[str]) -> list[CollectionResult]:
    """Ask one office for each month, until one fails; note how it went."""
    outcomes: list[CollectionResult] = []
    for period in periods:
        if (question := _question_for(district_id, period)) is None:  # removed since
            return outcomes
        outcomes.append(_ask(question))
        if outcomes[-1].fault:
            break
    last = outcomes[-1]
    with transaction():
        if district := db.session.get(District, district_id):
            district.note(last.fault, last.detail)
    return outcomes


def usual_periods() -> list[str]:
    """Return the months that are over and still move, the newest first."""
    with reading():
        period = Period.holding(clock.today(settings.current().zone), 1)
    periods = []
    for _ in range(MONTHS):
        period = period.before
        periods.append(period.code)
    return periods


def note_lamp() -> None:
    """Turn the lamp by how many offices could not be asked."""
    with transaction():
        districts = District.all()
        names = [district.name for district in districts if district.fault]
        if names:
            text = f"{len(names)}/{len(districts)}: {', '.join(names)}"
            lamps.turn(LAMP, Level.WARN, text)
        else:
            lamps.turn(LAMP, Level.GOOD)


def _question_for(district_id: int, period: str) -> FiguresRequest | None:
    with reading():
        district = db.session.get(District, district_id)
        if district is None:
            return None
        month = DistrictMonth.of(district_id, period)
        return FiguresRequest(
            district_id,
            district.name,
            district.address,
            district.token,
            district.public_key,
            period,
            month.etag if month else "",
            month.counted_at if month else None,
        )


def _ask(question: FiguresRequest) -> CollectionResult:
    try:
        document, etag = _document(question)
    except CallFailure as error:
        log.warning("district %s: %s: %s", question.district_id, error.reason, error)
        return CollectionResult(
            question.name, question.period, error.reason, str(error)
        )
    if document is None:
        return CollectionResult(question.name, question.period)
    with transaction():
        if db.session.get(District, question.district_id):
            DistrictMonth.keep(question.district_id, document, etag)
    return CollectionResult(question.name, question.period, is_new=True)


def _document(question: FiguresRequest) -> tuple[MonthlyFigures | None, str]:
    """Return what the office sent; None when nothing changed. Raise `CallFailure`."""
    headers = {
        "Authorization": f"Bearer {question.token}",
        "Accept": "application/json",
    }
    if question.etag:
        headers["If-None-Match"] = question.etag
    url = f"{question.address}{contract.PATH}?period={question.period}"
    reply = calls.ask(question.party, url, headers=headers)
    if reply.status == UNCHANGED and question.etag:
        return None, question.etag
    if reply.status != OK:
        reason = REASONS.get(reply.status, "status")
        raise CallFailure(reason, f"status {reply.status}")
    return _read(question, reply), _etag(reply)


def _etag(reply: Reply) -> str:
    """Return the mark to send back; none when it cannot stand in a header."""
    etag = reply.headers.get("etag", "")
    is_plain = etag.isascii() and etag.isprintable() and len(etag) <= MAX_ETAG_LENGTH
    return etag if is_plain else ""


def _read(question: FiguresRequest, reply: Reply) -> MonthlyFigures:
    signature = reply.headers.get(contract.SIGNATURE.lower(), "")
    if not signing.is_signed(question.public_key, signature, reply.body):
        raise CallFailure("signature", "the seal is not that of this office")
    try:
        document = MonthlyFigures.read(reply.body)
    except BadDocument as error:
        raise CallFailure("contract", str(error)) from error
    if document.period != question.period:
        raise CallFailure("contract", f"period {document.period} was not asked for")
    # Kept, it would be newer than all that office sends once its clock is right.
    if document.counted_at > clock.now() + MAX_AHEAD:
        raise CallFailure(
            "clock", f"counted at {document.counted_at}, which is to come"
        )
    if question.counted_at and document.counted_at < question.counted_at:
        raise CallFailure("older", "counted before what is kept")
    return document
