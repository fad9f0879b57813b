"""What needs the head today: decisions, what is late, who does what, the last month."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pst import clock
from pst.accounts.users import User
from pst.feedback.follow_ups.models import FollowUp
from pst.feedback.queries import Board
from pst.office import settings
from pst.reports.figures.period_figures import Figures
from pst.reports.head.owed import OwedWork
from pst.reports.layout.tables import Table, table
from pst.reports.models import Report
from pst.reports.periods import Period
from pst.reports.queries import waiting_for

UNOWNED_SHOWN = 5


@dataclass
class Overview:
    """The first screen of one head; the Monday mail has the same numbers."""

    reader: User
    owed: OwedWork = field(default_factory=OwedWork)

    @cached_property
    def reports(self) -> list[Report]:
        """The reports that wait for this head's decision, the first sent first."""
        return waiting_for(self.reader)

    @property
    def to_confirm(self) -> list[FollowUp]:
        """The follow-ups that wait for a second person to close them."""
        return self._board.to_confirm

    @property
    def decisions(self) -> int:
        return len(self.reports) + len(self.to_confirm)

    @property
    def unowned(self) -> list[FollowUp]:
        """The follow-ups that no officer has taken, the first due first."""
        return self._board.unowned

    @property
    def unowned_shown(self) -> list[FollowUp]:
        return self.unowned[:UNOWNED_SHOWN]

    @cached_property
    def month(self) -> Period:
        """The last month that is over."""
        return Period.holding(clock.today(settings.current().zone), 1).before

    @cached_property
    def compared(self) -> Table:
        """The headline figures of that month against the month before it."""
        figures: dict[str, Any] = {
            **Figures(self.month).headline,
            "before": Figures(self.month.before).headline,
        }
        return table("headline", figures)

    @cached_property
    def _board(self) -> Board:
        return Board(self.reader)
