"""Setting the letter of a report with the mark of its approval."""

from pst import clock
from pst.accounts.users import User
from pst.office import settings
from pst.reports.letter.approvals import Approval
from pst.reports.letter.pdf import pdf
from pst.reports.models import Report
from pst.reports.queries import Contents


def approved_letter(report: Report, by: User, number: str) -> tuple[Approval, bytes]:
    """Return the approval by `by`, and the letter with it; slow.

    `number` is for a letter that was sent without one: what was sent stays.
    """
    frozen = report.frozen or {}
    approval = Approval(
        name=by.name,
        nip=by.nip or "",
        title=settings.current().team_head_title,
        at=clock.now().isoformat(timespec="seconds"),
        number=frozen.get("number") or number,
    )
    if not report.can_be_decided_by(by) or not report.is_intact:
        return approval, b""  # `Report.approve` says why not
    return approval, pdf(Contents(report, approving=approval))
