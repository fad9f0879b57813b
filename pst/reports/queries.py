"""What the pages and files of reports read."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from pst import clock
from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.database import db
from pst.office import settings
from pst.reports.figures.period_figures import Figures
from pst.reports.layout.fields import figures_by_field
from pst.reports.layout.headline_rows import headline_keys
from pst.reports.layout.tables import ReportSection, Table, sections, table
from pst.reports.layout.texts import layout
from pst.reports.letter.approvals import Approval
from pst.reports.letter.letter_form import letter, signers
from pst.reports.letter.words import filled, unknown_fields
from pst.reports.models import Report
from pst.reports.periods import Period, is_over, periods_since
from pst.reports.report_row import fingerprint
from pst.reports.states import ReportState

PAGE_LENGTH = 25


@dataclass
class Contents:
    """What stands in one report: frozen once it was sent, live before."""

    report: Report
    # About to be sent: not marked as a draft.
    is_final: bool = False
    # About to be approved: as it will be approved.
    approving: Approval | None = None

    @cached_property
    def frozen(self) -> dict[str, Any]:
        if self.report.frozen is not None:
            return self.report.frozen
        report = self.report
        figures = self._live_figures
        return {
            "period": report.period.text,
            "version": report.version,
            "number": report.number,
            **signers(report.author),
            "dated": clock.today(settings.current().zone).isoformat(),
            "letter": letter(figures["as_of"]),
            "words": filled(report.words, self.fields),
            "figures": figures,
        }

    @cached_property
    def _live_figures(self) -> dict[str, Any]:
        return Figures(self.report.period).frozen()

    @cached_property
    def fields(self) -> dict[str, str]:
        """The present figure of each field, by its name; see `fields.py`."""
        return figures_by_field(self.report.period, self._live_figures)

    @property
    def unknown_fields(self) -> list[str]:
        """The fields in the text of a draft that have no figure."""
        is_draft = self.report.is_draft
        return unknown_fields(self.report.words, self.fields) if is_draft else []

    @property
    def letter(self) -> dict[str, Any]:
        return self.frozen["letter"]

    @property
    def approval(self) -> Approval | None:
        return self.approving or self.report.approval

    @property
    def number(self) -> str:
        """The number of the letter; it may have been given at the approval."""
        number: str = self.frozen["number"]
        return number or (self.approval.number if self.approval else "")

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
    def sections(self) -> list[ReportSection]:
        return sections(self.figures, self.words)

    @property
    def as_of(self) -> datetime:
        return datetime.fromisoformat(self.figures["as_of"])

    @property
    def is_early(self) -> bool:
        """Return whether the figures were counted before the period was over."""
        return not is_over(self.report.period, self.as_of)

    @property
    def dated(self) -> date:
        return date.fromisoformat(self.frozen["dated"])

    @property
    def is_marked(self) -> bool:
        """Return whether it is marked as a draft."""
        return self.report.is_draft and not self.is_final

    @property
    def preview_hash(self) -> str:
        """The hash of the words and quotes of a preview.

        Without the figures, and with the fields for them as they were typed: some
        figures change with every search.
        """
        words = {"number": self.frozen["number"], "words": self.report.words}
        return fingerprint({**words, "quotes": self.quotes})

    @property
    def headline(self) -> dict[str, str]:
        """The headline figures of the period, by key, as they are written."""
        rows = next(each.written for each in self.tables if each.id == "headline")
        keys = headline_keys(self.figures)
        return {key: row[1] for key, row in zip(keys, rows, strict=True)}

    @property
    def moved(self) -> list[tuple[str, str, str]]:
        """The headline figures that changed since the words: name, then and now."""
        figures = self.report.written_figures if self.report.is_draft else None
        names = layout()["tables"]["headline"]["rows"]
        return [
            (names[key], str(figures[key]), now)
            for key, now in self.headline.items()
            if figures and key in figures and figures[key] != now
        ]

    @property
    def late(self) -> dict[str, list[str]]:
        """The rows of the late consultations, by number."""
        rows = next(each.written for each in self.tables if each.id == "late")
        return {row[0]: row for row in rows}

    @property
    def tables(self) -> list[Table]:
        return [each for part in self.sections for each in part.tables]


@dataclass
class Shelf:
    """The reports that a person may see, latest first."""

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
class CurrentMonth:
    """The figures of the month that is running, for the desk."""

    @cached_property
    def period(self) -> Period:
        return Period.holding(clock.today(settings.current().zone), 1)

    @cached_property
    def headline(self) -> Table:
        whole = table("headline", Figures(self.period).frozen())
        # A month that runs is not compared in percent with a whole one.
        return replace(
            whole, columns=whole.columns[:3], rows=[row[:3] for row in whole.rows]
        )


def choices() -> list[tuple[str, list[Period]]]:
    """List the periods to choose from, back to the first consultation."""
    zone = settings.current().zone
    first = first_asked_at() or clock.now()
    return periods_since(clock.today(zone), first.astimezone(zone).date())


def first_asked_at() -> datetime | None:
    """Return when the first consultation was asked."""
    return db.session.scalar(sa.select(sa.func.min(Consultation.asked_at)))


def waiting_for(head: User) -> list[Report]:
    """List the reports that `head` may decide on, the first sent first."""
    query = (
        sa.select(Report)
        .options(joinedload(Report.author))
        .where(Report.state == ReportState.SENT, Report.author_id != head.id)
    )
    return list(db.session.scalars(query.order_by(Report.sent_at, Report.id)))


def newer_version(report: Report) -> Report | None:
    """Return the version that followed, if there is one."""
    query = sa.select(Report).filter_by(previous_id=report.id)
    return db.session.scalar(query.where(Report.state != ReportState.DISCARDED))


def other_reports(report: Report) -> list[Report]:
    """List the other reports on its period; drafts only for a draft."""
    others = Report.others_on(report.period, but=report)
    return [each for each in others if report.is_draft or not each.is_draft]


def is_reported_on(period: Period, by: User) -> bool:
    """Return whether a new draft of `period` would come next to another's report."""
    return Report.draft_of(period, by) is None and bool(Report.others_on(period))
