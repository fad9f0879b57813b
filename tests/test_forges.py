"""What a code host and an editor read is well-formed, and speaks of what is there."""

import json
import os
import re
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml

from deploy.release.wheels import PYTHONS
from pst.config import load
from pst.server.config_values import NAMES
from tests.processes import ROOT

FILES = sorted([*ROOT.glob(".github/**/*.yml"), ROOT / ".gitlab-ci.yml"])
WORKFLOWS = sorted(ROOT.glob(".github/workflows/*.yml"))
FORMS = [ROOT / ".github/ISSUE_TEMPLATE" / f"{name}.yml" for name in ("fault", "wish")]
EXAMPLE = ROOT / ".env.example"
SETTING = re.compile(r"(?m)^# (PST_[A-Z_]+)=(.*)$")
FIELDS = {"markdown", "textarea", "input", "dropdown", "checkboxes"}


def read(path: Path) -> dict:
    return yaml.safe_load(path.read_text())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_is_yaml(path: Path):
    assert isinstance(read(path), dict)


def workflow_steps(path: Path) -> list[str]:
    jobs = read(path)["jobs"].values()
    return [step["run"] for job in jobs for step in job["steps"] if "run" in step]


def test_both_forges_run_the_same_scripts():
    github = [words for path in WORKFLOWS for words in workflow_steps(path)]
    lab = read(ROOT / ".gitlab-ci.yml")
    gitlab = [*lab["test"]["script"], *lab["nightly"]["script"]]

    assert github == gitlab == ["bin/check", "bin/test", ".ci/nightly"]
    assert all(os.access(ROOT / words, os.X_OK) for words in github)


def test_both_forges_try_every_python_that_a_release_is_for():
    job = read(ROOT / ".github/workflows/checks.yml")["jobs"]["test"]
    (matrix,) = read(ROOT / ".gitlab-ci.yml")["test"]["parallel"]["matrix"]

    assert tuple(job["strategy"]["matrix"]["python"]) == PYTHONS
    assert tuple(matrix["PYTHON_VERSION"]) == PYTHONS


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_only_read(path: Path):
    text = read(path)

    assert text["permissions"] == {"contents": "read"}
    assert True in text  # YAML 1.1 reads the word `on` as true
    for job in text["jobs"].values():
        assert job["timeout-minutes"] <= 60
        for step in job["steps"]:
            assert "uses" not in step or re.search(
                r"@v\d+$|@[0-9a-f]{40}$", step["uses"]
            )


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_a_form_for_issues_has_what_a_forge_asks_for(path: Path):
    form = read(path)

    assert form["name"] and form["description"]
    ids = [field["id"] for field in form["body"] if field["type"] != "markdown"]
    assert len(set(ids)) == len(ids)
    for field in form["body"]:
        assert field["type"] in FIELDS
        assert field["attributes"].get("label") or field["type"] == "markdown"
        assert field["type"] != "dropdown" or field["attributes"]["options"]
    assert (ROOT / f".gitlab/issue_templates/{path.stem}.md").exists()


def test_both_forges_ask_the_same_of_a_change():
    github = (ROOT / ".github/pull_request_template.md").read_text()

    assert github == (ROOT / ".gitlab/merge_request_templates/Default.md").read_text()


def test_renovate_writes_the_files_that_are_installed_from():
    tasks = json.loads((ROOT / "renovate.json").read_text())["postUpgradeTasks"]

    for file, command in zip(tasks["fileFilters"], tasks["commands"], strict=True):
        assert (ROOT / file).exists() and command.endswith(f"-o {file}")


def test_the_example_names_every_setting_and_no_other():
    found = [name for name, _ in SETTING.findall(EXAMPLE.read_text())]

    assert sorted(found) == sorted(NAMES)


@pytest.mark.parametrize("one_of_two", ["PST_FILES_URL", "PST_COPY_URL"])
def test_every_value_of_the_example_is_taken(tmp_path: Path, one_of_two: str):
    values = dict(SETTING.findall(EXAMPLE.read_text()))
    del values[one_of_two]
    config = load({**values, "PST_DATA_DIR": str(tmp_path)})

    assert config.mail and config.bounce_mailbox and config.sign_on and config.clamd
    assert config.base_url == values["PST_BASE_URL"]


def test_nothing_but_remarks_stands_in_the_example():
    lines = EXAMPLE.read_text().splitlines()

    assert all(line.startswith("#") for line in lines if line)


def test_an_editor_breaks_lines_where_our_formatters_do():
    editor = ConfigParser()
    editor.read_string(f"[top]\n{(ROOT / '.editorconfig').read_text()}")
    biome = json.loads((ROOT / "biome.json").read_text())["formatter"]
    project = (ROOT / "pyproject.toml").read_text()

    python, pages = (
        editor[part]["max_line_length"] for part in ("*.py", "*.{html,jinja}")
    )
    assert f"[tool.ruff]\nline-length = {python}\n" in project
    assert f"line-length = {pages}\nindent-width = 2" in project
    assert editor["*.{js,css}"]["max_line_length"] == str(biome["lineWidth"])
