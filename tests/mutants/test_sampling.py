"""How `bin/mutants` draws mistakes, and which tests it takes for each."""

import textwrap
from pathlib import Path

import pytest

from tests.mutants import choosing
from tests.mutants.__main__ import wilson
from tests.mutants.learning import Lines, bodies_in
from tests.mutants.mistakes import Mistake, mistakes_in
from tests.processes import ROOT


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of rules that stands where the driver looks for files."""
    path = tmp_path / "rules.py"
    monkeypatch.setattr("tests.mutants.learning.ROOT", tmp_path)
    path.write_text(
        textwrap.dedent("""
            def share(part, whole):
                if whole > 0:
                    return part / whole
                return None


            def is_near(left):
                return left < 2
            """)
    )
    return path


def of_the_office() -> dict[str, Mistake]:
    paths = [path for path in choosing.core() if path.parent.name == "office"]
    return choosing.named(paths)


def test_a_sample_takes_of_each_file_its_share():
    mistakes = of_the_office()

    drawn = choosing.sample(mistakes, 100, "")

    assert len(drawn) == 100
    for path in {mistake.path for mistake in mistakes.values()}:
        all_here = sum(each.path == path for each in mistakes.values())
        drawn_here = sum(each.path == path for each in drawn.values())
        assert abs(drawn_here - all_here * 100 / len(mistakes)) <= 1, path


def test_a_sample_stays_the_same_and_grows():
    mistakes = of_the_office()
    one = choosing.named([ROOT / "pst" / "office" / "calendar.py"])

    assert [*choosing.sample(mistakes, 40, "a")] == [
        *choosing.sample(mistakes, 40, "a")
    ]
    assert {*choosing.sample(mistakes, 40, "b")} != {
        *choosing.sample(mistakes, 40, "a")
    }
    assert {*choosing.sample(one, 10, "a")} < {*choosing.sample(one, 20, "a")}


def test_the_share_of_all_lies_about_the_share_of_the_sample():
    low, high = wilson(85, 100)

    assert (round(low, 3), round(high, 3)) == (0.767, 0.907)  # Wilson's own formula
    assert wilson(0, 0) == (0.0, 1.0)


def mistake(path: Path, now: str) -> Mistake:
    (chosen,) = (each for each in mistakes_in(path) if each.diff[1] == now)
    return chosen


def test_a_test_that_runs_through_the_line_is_taken(file, tmp_path):
    lines = Lines({file}, None)
    share, near = bodies_in(file)
    lines.tests = {
        "of_nothing": {"calls": {share.name: [share.fingerprint, 1, 3]}},
        "of_a_part": {"calls": {share.name: [share.fingerprint, 1, 2]}},
        "of_near": {"calls": {near.name: [near.fingerprint, 1]}},
    }

    assert lines.through(mistake(file, "return (part * whole)")) == {"of_a_part"}
    assert lines.through(mistake(file, "if (whole >= 0):")) == {
        "of_nothing",
        "of_a_part",
    }
    assert lines.through(mistake(file, "return (left <= 2)")) == {"of_near"}


def test_what_was_learnt_holds_where_a_function_moved_and_not_where_it_changed(file):
    before = bodies_in(file)
    text = file.read_text()
    file.write_text(f"LEAST = 0\n\n{text.replace('whole > 0', 'whole > LEAST')}")
    lines = Lines({file}, None)
    lines.tests = {
        "of_nothing": {"calls": {before[0].name: [before[0].fingerprint, 1, 3]}},
        "of_near": {"calls": {before[1].name: [before[1].fingerprint, 1]}},
    }

    assert lines.through(mistake(file, "return (part * whole)")) == {"of_nothing"}
    assert lines.through(mistake(file, "return (left <= 2)")) == {"of_near"}
