"""What the pages and files of reports read."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from pst import clock
from pst.access import Role
from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.database import db
from pst.feedback.models import Rating
from pst.formatting import moment
from pst.office import settings
from pst.reports.figures import Figures
from pst.reports.layout import layout
from pst.reports.masking import masked
from pst.reports.models import Report, State, fingerprint
from pst.reports.periods import Period, is_over, offered, within
from pst.reports.rows import Row
from pst.reports.tables import Section, Table, sections, table
from pst.reports.themes import CommentTheme, suggested

PAGE_LENGTH = 25
LETTER = (
    *("office_name", "unit_name", "service_name", "team_head_title"),
    *("address", "phone", "email", "website", "city"),
    *("letter_head", "letter_nature", "letter_attachment", "letter_opening"),
    *("letter_closing", "letter_signer", "letter_copies"),
)


@dataclass
class Contents:
    """What stands in one report: frozen once it was sent, live before."""

    report: Report
    # To be sent: not marked as a draft.
    is_final: bool = False

    @cached_property
    def frozen(self) -> dict[str, Any]:
        if self.report.frozen is not None:
            return self.report.frozen
        report = self.report
        figures = Figures(report.period).frozen()
        return {
            "period": report.period.text,
            "version": report.version,
            "number": report.number,
            "author": report.author.name if report.author else "",
            "head": head_name(),
            "dated": clock.today(settings.current().zone).isoformat(),
            "letter": letter(figures["as_of"]),
            "words": report.words,
            "figures": figures,
        }

    @property
    def letter(self) -> dict[str, Any]:
        return self.frozen["letter"]

    @property
    def quotes(self) -> list[dict[str, Any]]:
        """The comments that are quoted, by theme."""
        quoted = [row for row in self.figures["comments"] if row["quote"]]
        return sorted(quoted, key=lambda row: (row["theme"], row["score"]))

    @property
    def figures(self) -> dict[str, Any]:
        return self.frozen["figures"]

    @property
    def words(self) -> dict[str, Any]:
        return self.frozen["words"]

    @cached_property
    def sections(self) -> list[Section]:
        return sections(self.figures, self.words)

    @property
    def as_of(self) -> datetime:
        return datetime.fromisoformat(self.figures["as_of"])

    @property
    def is_early(self) -> bool:
        """Say whether the figures were counted before the period was over."""
        return not is_over(self.report.period, self.as_of)

    @property
    def dated(self) -> date:
        return date.fromisoformat(self.frozen["dated"])

    @property
    def is_marked(self) -> bool:
        """Say whether it must say that it is a draft."""
        return self.report.is_draft and not self.is_final

    @property
    def seen(self) -> str:
        """Tell by which words and quotes a preview is known from any other.

        Not by the figures: some of them change with every search.
        """
        words = {"number": self.frozen["number"], "words": self.words}
        return fingerprint({**words, "quotes": self.quotes})

    @property
    def headline(self) -> dict[str, str]:
        """The headline figures of the period, by key, as they are written."""
        rows = next(each.written for each in self.tables if each.id == "headline")
        keys = layout()["tables"]["headline"]["rows"]
        return {key: row[1] for key, row in zip(keys, rows, strict=True)}

    @property
    def moved(self) -> list[tuple[str, str, str]]:
        """The headline figures that changed since the words: name, then and now."""
        written = self.report.written_figures if self.report.is_draft else None
        names = layout()["tables"]["headline"]["rows"]
        return [
            (names[key], str(written[key]), now)
            for key, now in self.headline.items()
            if written and key in written and written[key] != now
        ]

    @property
    def late(self) -> dict[str, Row]:
        """The rows of the late consultations, by number."""
        rows = next(each.rows for each in self.tables if each.id == "late")
        return {str(row[0]): row for row in rows}

    @property
    def tables(self) -> list[Table]:
        return [each for part in self.sections for each in part.tables]


@dataclass(frozen=True)
class Comment:
    """A comment, what an officer decided about it, and what we suggest."""

    rating: Rating
    decided: CommentTheme | None

    @property
    def theme(self) -> str:
        return self.decided.theme if self.decided else suggested(self.rating.comment)

    @property
    def is_quoted(self) -> bool:
        return bool(self.decided and self.decided.quote)

    @property
    def quote(self) -> str:
        if self.decided and self.decided.quote:
            return self.decided.quote
        return masked(self.rating.comment, self.rating.consultation.user)

    def decide(self, theme: str, quote: str, by: User) -> None:
        """Note the theme; what is quoted loses personal data once more."""
        clean = masked(quote, self.rating.consultation.user)
        CommentTheme.decide(self.rating, theme, clean, by)


@dataclass
class Comments:
    """The comments of a period, to be told apart by theme; lowest ratings first."""

    period: Period
    page: int = 1

    @cached_property
    def rows(self):  # type: ignore[no-untyped-def]
        query = (
            sa.select(Rating)
            .options(
                joinedload(Rating.consultation).joinedload(Consultation.user),
                joinedload(Rating.follow_up),
            )
            .where(self._written)
            .order_by(Rating.score, Rating.id)
        )
        return db.paginate(
            query, page=self.page, per_page=PAGE_LENGTH, max_per_page=PAGE_LENGTH
        )

    @cached_property
    def shown(self) -> list[Comment]:
        ids = [rating.id for rating in self.rows.items]
        query = sa.select(CommentTheme).where(CommentTheme.rating_id.in_(ids))
        decided = {row.rating_id: row for row in db.session.scalars(query)}
        return [Comment(each, decided.get(each.id)) for each in self.rows.items]

    @property
    def by_rating(self) -> dict[int, Comment]:
        return {comment.rating.id: comment for comment in self.shown}

    @cached_property
    def decided(self) -> int:
        """How many an officer has decided about already."""
        query = (
            sa.select(sa.func.count())
            .select_from(CommentTheme)
            .join(Rating, CommentTheme.rating_id == Rating.id)
            .where(self._written)
        )
        return db.session.scalar(query) or 0

    @cached_property
    def _written(self) -> sa.ColumnElement[bool]:
        return sa.and_(within(self.period, Rating.rated_at), Rating.comment != "")


@dataclass
class Shelf:
    """The reports that a person may know of, latest first."""

    reader: User
    page: int = 1

    @cached_property
    def rows(self):  # type: ignore[no-untyped-def]
        query = (
            Report.visible_to(self.reader)
            .options(joinedload(Report.author))
            .order_by(Report.created_at.desc(), Report.id.desc())
        )
        return db.paginate(
            query, page=self.page, per_page=PAGE_LENGTH, max_per_page=PAGE_LENGTH
        )


@dataclass
class Running:
    """The figures of the month that is running, for the desk."""

    @cached_property
    def period(self) -> Period:
        return Period.holding(clock.today(settings.current().zone), 1)

    @cached_property
    def headline(self) -> Table:
        made = table("headline", Figures(self.period).frozen())
        # A month that runs is not compared in percent with a whole one.
        return replace(
            made, columns=made.columns[:3], rows=[row[:3] for row in made.rows]
        )


def letter(as_of: str) -> dict[str, Any]:
    """Tell what the letter form takes from the settings."""
    office = settings.current()
    given = {key: getattr(office, key) for key in LETTER}
    told = {**given, "as_of": moment(datetime.fromisoformat(as_of))}
    return {
        **given,
        "subject": layout()["subject"].format_map(told),
        "basis": [text.format_map(told) for text in layout()["basis"]],
    }


def head_name() -> str:
    """Name who will sign it; nobody when there are several heads, or none."""
    heads = User.serving(Role.HEAD)
    return heads[0].name if len(heads) == 1 else ""


def choices() -> list[tuple[str, list[Period]]]:
    """List the periods to choose from, back to the first consultation."""
    zone = settings.current().zone
    first = db.session.scalar(sa.select(sa.func.min(Consultation.asked_at)))
    return offered(clock.today(zone), (first or clock.now()).astimezone(zone).date())


def newer_version(report: Report) -> Report | None:
    """Find the version that followed, if there is one."""
    query = sa.select(Report).filter_by(previous_id=report.id)
    return db.session.scalar(query.where(Report.state != State.DISCARDED))


def others_beside(report: Report) -> list[Report]:
    """List the other reports on its period; drafts only beside a draft."""
    others = Report.others_on(report.period, but=report)
    return [each for each in others if report.is_draft or not each.is_draft]
