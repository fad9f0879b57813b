"""What `bin/mutants` chooses: the files of the core, and what a change touches."""

import subprocess
from pathlib import Path

import pytest

from tests.mutants import choosing


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=Budi", "-c", "user.email=budi@contoh.test")
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, text=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository in which the office's calendar was changed once."""
    folder = tmp_path / "repository"
    office = folder / "pst" / "office"
    office.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    for words in ("a = 1\nb = 1\n", "a = 1\nb = 2\n"):
        (office / "calendar.py").write_text(words)
        git(folder, "add", ".")
        git(folder, "commit", "-q", "-m", "Change the calendar")
    return folder


def test_every_file_of_the_core_is_there():
    assert [path for path in choosing.core() if not path.is_file()] == []


def test_what_is_called_equivalent_is_a_mistake_that_can_be_made():
    names = set(choosing.equivalents())
    paths = {choosing.ROOT / name.partition("::")[0] for name in names}

    assert names - set(choosing.named(sorted(paths))) == set()


def test_a_change_is_what_the_last_commit_touched(repository):
    calendar = choosing.ROOT / "pst" / "office" / "calendar.py"

    assert choosing.changed(repository) == {calendar: {2}}


def test_a_branch_is_compared_with_where_it_left_the_main_line(repository):
    clone = repository.with_name("clone")
    git(repository.parent, "clone", "-q", str(repository), str(clone))
    assert set(choosing.changed(clone)) == {choosing.ROOT / "pst/office/calendar.py"}
    git(clone, "switch", "-q", "-c", "words")
    (clone / "pst" / "office" / "setup.py").write_text("c = 1\n")
    git(clone, "add", ".")
    git(clone, "commit", "-q", "-m", "Change the set-up")

    assert set(choosing.changed(clone)) == {choosing.ROOT / "pst/office/setup.py"}


def test_a_clone_of_one_commit_has_no_change(repository):
    clone = repository.with_name("clone")
    address = repository.as_uri()
    git(repository.parent, "clone", "-q", "--depth", "1", address, str(clone))

    assert choosing.changed(clone) == {}


def test_a_folder_without_git_has_no_change(tmp_path, repository, monkeypatch):
    assert choosing.changed(tmp_path) == {}
    monkeypatch.setenv("PATH", str(tmp_path))
    assert choosing.changed(repository) == {}


def test_the_tests_that_import_a_file_are_looked_at_first():
    paths = [choosing.ROOT / "pst" / "reports" / "figures" / "late_figures.py"]
    names = [Path(each).name for each in choosing.tests_for(paths)]

    assert names[0] == "test_late_reasons.py"
    assert names.index("test_few_answers.py") < names.index("test_worklist.py")
