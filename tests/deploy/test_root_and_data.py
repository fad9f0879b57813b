"""The data folder is the service's: root follows no link that lies in it."""

import ast
from pathlib import Path

import pytest

from deploy.installer import data, places
from tests.processes import ROOT


def test_the_office_is_handed_over_without_a_file(monkeypatch: pytest.MonkeyPatch):
    told: list[tuple[tuple[str, ...], object]] = []
    monkeypatch.setattr(
        data, "as_user", lambda env, release, *w, **o: told.append((w, o.get("input")))
    )
    answers = {"office_name": "BPS Kabupaten Contoh", "time_zone": "Asia/Makassar"}

    data.make_ready(ROOT, answers)

    ((words, given),) = told
    assert words[-3:] == ("prepare", "--office", "-")
    assert "BPS Kabupaten Contoh" in str(given)


def test_a_secret_is_read_with_the_rights_of_the_service(
    monkeypatch: pytest.MonkeyPatch,
):
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(
        data, "as_user", lambda env, release, *words: asked.append(words) or ""
    )

    data.take_secret(ROOT)

    assert asked == [(data.TOOL, "secret", str(places.DATA / "secret_key"))]


def test_root_writes_nothing_below_the_data():
    """Only removing a file takes a path below `places.DATA`."""
    writing = {"write", "folder", "link", "chown", "copy", "copyfile", "write_text"}
    for path in Path(ROOT / "deploy/installer").glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            below = [
                word
                for word in ast.walk(call)
                if isinstance(word, ast.BinOp)
                and ast.unparse(word.left) == "places.DATA"
            ]
            assert name not in writing or not below, f"{path.name}: {ast.unparse(call)}"
