"""A list that is brought in again, in parts, or next to another."""

import pytest
import sqlalchemy as sa
from flask import Flask

from pst.classifications.importing import editions as importing
from pst.classifications.importing import planning
from pst.classifications.models import Classification, Code
from pst.database import db, transaction
from pst.list_files.problems import BadList
from tests.classifications.conftest import HEADING, workbook
from tests.classifications.importing.steps import TREE, bring_in, codes
from tests.list_locks import watch


def test_run_again_it_changes_only_what_differs():
    bring_in(workbook([HEADING, *TREE]))
    first = Classification.with_slug("kbli-2025")
    ids = dict(db.session.execute(sa.select(Code.code, Code.id)).all())

    assert bring_in(workbook([HEADING, *TREE])).counts["same"] == 7

    again = [*TREE[:-1], ("02", "Kehutanan dan Hasil Hutan", "")]
    outcome = bring_in(workbook([HEADING, *again]))
    assert (outcome.changed, outcome.same) == (["02"], 6)
    assert dict(db.session.execute(sa.select(Code.code, Code.id)).all()) == ids
    assert Classification.with_slug("kbli-2025") is first


def test_a_part_of_the_list_withdraws_the_rest_only_when_that_is_said():
    bring_in(workbook([HEADING, *TREE]))
    part = [HEADING, *TREE[:4]]

    with pytest.raises(BadList, match="3 dari 7 kode"):
        bring_in(workbook(part))
    assert len(codes()) == 7

    outcome = bring_in(workbook(part), may_withdraw=True)
    assert outcome.withdrawn == ["01111", "01112", "02"]
    # Its address stays, for answers that named it.
    assert db.session.scalars(Code.at("kbli-2025", "01111")).one().withdrawn_at


def test_the_command_reports_what_changed_and_what_was_refused(app: Flask, tmp_path):
    file = tmp_path / "daftar.csv"
    file.write_text("Kode;Judul\nA;Pertanian\n01;Tanaman")
    run = app.test_cli_runner().invoke

    first = run(args=["classifications", "import", "kbli-2025", str(file)])
    assert "2 made, 0 changed" in first.output and "A 01" in first.output

    file.write_text("Kode;Judul\nA;Pertanian\n01;Tanaman\n01;Lagi")
    refused = run(args=["classifications", "import", "kbli-2025", str(file)])
    assert refused.exit_code == 1
    assert "Baris 4: kode 01 sudah ada di baris 3" in refused.output

    status = run(args=["classifications", "status"]).output
    assert "KBLI 2025: 2 codes, from daftar.csv" in status
    assert "kbli-2025: REFUSED" in status


def test_an_import_that_fails_while_writing_leaves_nothing(monkeypatch):
    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(planning.activity_index, "replace", fail)
    with pytest.raises(OSError):
        bring_in(workbook([HEADING, *TREE]))

    assert codes() == []
    with transaction():
        assert Classification.with_slug("kbli-2025") is None


def test_others_write_while_the_rows_of_a_list_are_made(monkeypatch):
    bring_in(workbook([HEADING, *TREE[:-1]]))
    calls = watch(monkeypatch, planning.activity_index, "row_of")

    rows = [TREE[0], ("01", "Tanaman Pangan", ""), *TREE[2:]]
    bring_in(workbook([HEADING, *rows]))

    # The division that changed, the four below it, and the one that is new.
    assert len(calls) == 6


def test_a_list_is_compared_again_when_another_came_in_between(monkeypatch):
    bring_in(workbook([HEADING, *TREE]))
    real, between = importing.plan, [TREE[:-2]]

    def planned(*args):
        plan = real(*args)
        while between:
            bring_in(workbook([HEADING, *between.pop()]), may_withdraw=True)
        return plan

    monkeypatch.setattr(importing, "plan", planned)
    outcome = bring_in(workbook([HEADING, *TREE]))

    assert (outcome.made, outcome.changed) == ([], ["01112", "02"])
    assert codes() == [code for code, *_ in TREE]
