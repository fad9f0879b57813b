"""Items from a file: checked whole, taken over whole."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from pst.catalogue import storing
from pst.catalogue.models import CatalogueItem, CatalogueValue
from pst.catalogue.states import ItemKind, Origin
from pst.catalogue.web_service import takeover
from pst.database import db
from pst.search.storage import sources
from tests.list_locks import watch

ITEM = {
    "id": "p1",
    "kind": "tabel",
    "title": "Jumlah Penduduk",
    "unit": "jiwa",
    "area": "Kabupaten Contoh",
    "area_code": "9901",
    "released_on": "2026-01-31",
    "address": "https://contoh.test/p1",
    "values": [
        {"period": "2024", "value": "1.234.567"},
        {"period": "2025", "value": 1240000},
        {"period": "2025", "value": "12,5", "area": "Selasih", "area_code": "9901010"},
    ],
}
CSV = """id;kind;title;unit;area;area_code;period;value;breakdown
p1;indikator;Inflasi;persen;Kabupaten Contoh;9901;September 2025;2,31;
p1;indikator;Inflasi;persen;Kabupaten Contoh;9901;Oktober 2025;2,4;
p2;publikasi;Contoh Dalam Angka 2025;;Kabupaten Contoh;9901;;;
"""


@pytest.fixture
def run(app: Flask, at: object):
    def run(*arguments: str) -> Result:
        return app.test_cli_runner().invoke(args=["catalogue", *arguments])

    return run


def items(app: Flask) -> list[CatalogueItem]:
    with app.app_context():
        query = sa.select(CatalogueItem).order_by(CatalogueItem.source_id)
        return list(db.session.scalars(query))


def lines(folder: Path, *rows: object) -> str:
    path = folder / "kantor.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    return str(path)


def test_json_lines_become_items_with_figures(app: Flask, run, tmp_path: Path):
    result = run("import", lines(tmp_path, ITEM))

    assert result.output == "1 items: 1 new, 0 changed, 0 no longer there.\n"
    item = items(app)[0]
    assert (item.list_name, item.origin, item.kind) == (
        "file/kantor",
        Origin.FILE,
        ItemKind.TABLE,
    )
    with app.app_context():
        item = db.session.merge(item)
        figures = [(v.area, v.year, v.value, v.decimals) for v in item.values()]
        assert figures == [
            ("Kabupaten Contoh", 2024, 1234567, 0),
            ("Kabupaten Contoh", 2025, 1240000, 0),
            ("Selasih", 2025, 12.5, 1),
        ]
        assert not sources.drift()


def test_lines_of_a_spreadsheet_with_one_id_are_one_item(
    app: Flask, run, tmp_path: Path
):
    (tmp_path / "angka.csv").write_text("\ufeff" + CSV, encoding="utf-8")
    assert run("import", str(tmp_path / "angka.csv")).exit_code == 0

    assert [item.title for item in items(app)] == ["Inflasi", "Contoh Dalam Angka 2025"]
    with app.app_context():
        inflation = db.session.merge(items(app)[0])
        values = [(v.year, v.part, v.part_name, v.value) for v in inflation.values()]
        assert values == [(2025, 9, "September", 2.31), (2025, 10, "Oktober", 2.4)]
    assert items(app)[1].years == ["2025"]


def test_importing_again_replaces_the_list(app: Flask, run, tmp_path: Path):
    run("import", lines(tmp_path, ITEM, ITEM | {"id": "p2"}))
    result = run("import", lines(tmp_path, ITEM | {"title": "Penduduk"}))

    assert result.output == "1 items: 0 new, 1 changed, 1 no longer there.\n"
    assert [item.is_gone for item in items(app)] == [False, True]


def test_a_part_of_a_list_lets_nothing_vanish(app: Flask, run, tmp_path: Path):
    run("import", lines(tmp_path, ITEM, ITEM | {"id": "p2"}))
    run("import", "--partial", lines(tmp_path, ITEM))

    assert not any(item.is_gone for item in items(app))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "peta"}, "Line 2: kind must be one of"),
        ({"title": ""}, "Line 2: title is missing."),
        ({"id": ""}, "Line 2: no id."),
        ({"warna": "biru"}, "Line 2: unknown field 'warna'."),
        ({"released_on": "31/1/2026"}, "Line 2: released_on must be a date"),
        ({"address": "javascript:alert(1)"}, "Line 2: address is no web address."),
        ({"area_code": "abc"}, "Line 2: 'abc' is no area code."),
        ({"values": [{"period": "x", "value": 1}]}, "Line 2: period 'x' has no year."),
        ({"values": [{"period": "2025", "value": "banyak"}]}, "is no figure."),
        ({"values": [{"period": "2025", "value": 1}] * 2}, "occurs twice."),
        ({"values": {}}, "occurs twice"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_changed(
    app: Flask, run, tmp_path: Path, change: dict[str, object], words: str
):
    result = run("import", lines(tmp_path, ITEM, ITEM | {"id": "p2"} | change))
    if words == "occurs twice":
        result = run("import", lines(tmp_path, ITEM, ITEM))

    assert result.exit_code == 1
    assert words in result.output
    assert "Nothing was changed." in result.output
    assert not [item for item in items(app) if words != "occurs twice"]


def test_status_sums_up_in_its_first_line(run, tmp_path: Path):
    run("import", lines(tmp_path, ITEM))

    first, second = run("status").output.splitlines()
    assert first == (
        "1 items (0 no longer published), 3 figures,"
        " 0 lists with a fault, 0 not indexed yet."
    )
    assert second.split() == ["file/kantor", "1"]


def test_fetching_without_a_key_says_where_to_set_it(run):
    result = run("fetch")

    assert result.exit_code == 1
    assert "Admin, Sumber" in result.output


def test_others_write_while_the_rows_of_a_list_are_made(
    app: Flask, run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    run("import", lines(tmp_path, ITEM))
    calls = watch(monkeypatch, takeover, "_facts")

    newer = ITEM | {"title": "Banyaknya Penduduk"}
    assert run("import", lines(tmp_path, newer, ITEM | {"id": "p2"})).exit_code == 0

    assert len(calls) == 2
    assert [item.title for item in items(app)] == [
        "Banyaknya Penduduk",
        "Jumlah Penduduk",
    ]


def test_a_list_is_compared_again_when_another_came_in_between(
    app: Flask, run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    real, between = storing._plan, [lines(tmp_path, ITEM | {"title": "Penduduk"})]

    def planned(*arguments: object) -> None:
        real(*arguments)
        while between:
            assert run("import", between.pop(), "--name", "lain").exit_code == 0

    monkeypatch.setattr(storing, "_plan", planned)
    (tmp_path / "kedua").mkdir()
    result = run("import", lines(tmp_path / "kedua", ITEM))

    assert result.exit_code == 0, result.output
    assert {item.title for item in items(app)} == {"Jumlah Penduduk", "Penduduk"}


def test_figures_that_are_imported_again_join_those_there_are(
    app: Flask, run, tmp_path: Path
):
    run("import", lines(tmp_path, ITEM))
    later = [{"period": "2025", "value": 7}, {"period": "2026", "value": 8}]

    result = run("import", lines(tmp_path, ITEM | {"values": later}))

    assert "1 items: 0 new, 1 changed" in result.output
    with app.app_context():
        columns = (CatalogueValue.area, CatalogueValue.year, CatalogueValue.value)
        rows = db.session.execute(sa.select(*columns)).all()
    assert sorted(map(tuple, rows)) == [
        ("Kabupaten Contoh", 2024, 1234567.0),
        ("Kabupaten Contoh", 2025, 7.0),
        ("Kabupaten Contoh", 2026, 8.0),
        ("Selasih", 2025, 12.5),
    ]
    assert items(app)[0].years == ["2024", "2025", "2026"]
