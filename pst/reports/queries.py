"""What the pages and files of reports read."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from pst import clock
from pst.accounts.models import User
from pst.consultations.models import Consultation
from pst.database import db
from pst.formatting import moment
from pst.office import settings
from pst.reports.figures import Figures
from pst.reports.layout import layout
from pst.reports.models import Report
from pst.reports.periods import Period, offered
from pst.reports.tables import Section, Table, sections, table

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
    def late_numbers(self) -> list[str]:
        return [row["number"] for row in self.figures["late"]]

    @property
    def tables(self) -> list[Table]:
        return [each for part in self.sections for each in part.tables]


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
        return table("headline", Figures(self.period).frozen())


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


def choices() -> list[tuple[str, list[Period]]]:
    """List the periods to choose from, back to the first consultation."""
    zone = settings.current().zone
    first = db.session.scalar(sa.select(sa.func.min(Consultation.asked_at)))
    return offered(clock.today(zone), (first or clock.now()).astimezone(zone).date())


def newer_version(report: Report) -> Report | None:
    """Find the version that followed, if there is one."""
    return db.session.scalar(sa.select(Report).filter_by(previous_id=report.id))
