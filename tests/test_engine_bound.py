"""What stands on an engine's own means is asked of PostgreSQL by a listed module.

The tests that ask such code on both engines are named here.
"""

import ast
from pathlib import Path

from tests.house_files import tree_of
from tests.processes import ROOT

LISTED = (ROOT / "tests" / "engine_bound.txt").read_text().split()
# What another module asks of the engine; what is alike on both is not among it.
MEANS = {"engine", "engine_of", "full_text", "is_trouble", "epoch", "rehearsal"}
ROOMS = ("pst.database", "pst.database.base")
MODULES = tuple(f"pst.database.{name}" for name in ("copies", "engines", "word_index"))
ASKED_BY = {
    "accounts/mails.py": "accounts/test_registrations.py",
    "accounts/own_account/addresses.py": "accounts/test_address_change.py",
    "accounts/registration/mistyped.py": "accounts/test_registrations.py",
    "accounts/registration/registering.py": "accounts/test_registrations.py",
    "admin/backups/archives.py": "admin/backups/test_backup.py",
    "admin/backups/backup.py": "admin/backups/test_backup.py",
    "admin/backups/database_facts.py": "admin/backups/test_backup.py",
    "admin/backups/gathering.py": "admin/backups/test_backup.py",
    "admin/backups/restoring.py": "admin/backups/test_restoring.py",
    "admin/data_move.py": "admin/test_data_move.py",
    "admin/health/looks.py": "admin/health/test_health.py",
    "admin/jobs.py": "office/audit/test_audit.py",
    "catalogue/web_service/fetching.py": "catalogue/test_fetching.py",
    "consultations/conversation/conversation_index.py": "consultations/test_finding.py",
    "consultations/conversation/polling.py": "consultations/test_polling.py",
    "dead_letters.py": "engines/test_writers.py",
    "demo/office.py": "admin/test_data_move.py",
    "outbox/incoming/commands.py": "outbox/mail_replies/test_replies.py",
    "outbox/incoming/mailbox.py": "outbox/bounces/test_mailbox.py",
    "personal_data/erasure.py": "consultations/test_finding.py",
    "personal_data/jobs.py": "consultations/test_finding.py",
    "personal_data/retention.py": "personal/test_retention.py",
    "reports/figures/clarity_figures.py": "reports/recount/test_service.py",
    "reports/figures/columns.py": "reports/recount/test_service.py",
    "reports/files/export.py": "reports/test_same_figures.py",
    "search/storage/node_file.py": "search/test_node_file.py",
}
# By tests that always have PostgreSQL, or about SQLite alone.
ELSEWHERE = {
    "web/error_pages.py": "faults/test_failover.py",
    "admin/continuous_copy/restoring.py": "faults/test_copied_away.py",
}


def test_each_has_a_listed_module_that_asks_it():
    code = ROOT / "pst"
    bound = {
        str(path.relative_to(code))
        for path in code.rglob("*.py")
        if path.parent.name != "database" and is_bound(path)
    }

    assert bound == {*ASKED_BY, *ELSEWHERE}
    assert {f"tests/{name}" for name in ASKED_BY.values()} <= set(LISTED)


def is_bound(path: Path) -> bool:
    """Return whether a module asks the engine for its own means."""
    return any(
        node.module in MODULES
        or node.module in ROOMS
        and MEANS & {alias.name for alias in node.names}
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom)
    )


def test_what_is_listed_is_there_once():
    names = [*LISTED, *(f"tests/{name}" for name in ELSEWHERE.values())]

    assert [name for name in names if not (ROOT / name).is_file()] == []
    assert len(set(LISTED)) == len(LISTED)
