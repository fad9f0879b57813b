"""Codes and regions fetched from a server of ours that answers as the WebAPI does."""

from typing import Any

import sqlalchemy as sa
from flask import Flask

from pst.admin.sources.jobs import fetch_lists
from pst.classifications.importing import fetching
from pst.classifications.models import Code
from pst.database import db, transaction
from pst.list_files.runs import ListImport, ListWish
from pst.regions import fetching as region_fetching
from pst.regions.models import Region
from pst.regions.resolving import code_of
from pst.webapi.source import CatalogueSource
from tests.catalogue_server import CatalogueServer, answered, found
from tests.web_server import Answer

LEVELS = {1: "kategori", 2: "golongan pokok", 3: "golongan"}


def row(code: str, title: str, above: str = "") -> dict[str, Any]:
    parents = [{"kode": above, "judul": "x", "deskripsi": ""}] if above else []
    return {
        "_id": code,
        "_source": {
            "id": f"kbli_2025_{code}",
            "judul": f"[{code}] {title}",
            "deskripsi": "&lt;p&gt;Kelompok ini mencakup contoh.&lt;/p&gt;",
            "level": LEVELS[len(code)],
            "sebelumnya": parents,
            "turunan": [],
        },
    }


ROWS = [
    row("A", "Pertanian"),
    *(row(f"{n:02}", f"Golongan {n}", "A") for n in range(1, 40)),
    *(row(f"{n:02}{m}", f"Golongan {n}{m}", f"{n:02}") for n in (1, 2) for m in "123"),
]


def serve(server: CatalogueServer, rows: list[Any], size: int = 20) -> None:
    """Answer with `rows`, page by page."""
    for page in range(1, -(-len(rows) // size) + 1):

        def answer(page: int = page) -> Answer:
            return answered(found(rows, page, size))

        server.faults[f"kbli2025/{page}"] = answer


def codes() -> list[str]:
    return list(db.session.scalars(sa.select(Code.code).order_by(Code.id)))


def test_an_edition_is_fetched_page_by_page(server: CatalogueServer):
    # Pages overlap now and then.
    serve(server, [*ROWS[:20], ROWS[19], *ROWS[20:]])

    outcome = fetching.fetch("kbli-2025")

    assert outcome.counts["made"] == len(ROWS)
    assert codes()[:3] == ["A", "01", "02"]
    assert len(server.asked("kbli2025")) == 3
    assert fetching.fetch("kbli-2025").counts["same"] == len(ROWS)


def test_a_list_that_breaks_off_changes_nothing(server: CatalogueServer):
    serve(server, ROWS)
    server.faults["kbli2025/2"] = lambda: Answer(b"<html>503", 503, {})

    with transaction():
        ListWish.make("kbli-2025", None)
    fetch_lists()

    run = ListImport.last()["kbli-2025"]
    assert codes() == [] and not run.is_done
    assert run.remarks[0].startswith("WebAPI tidak memberi daftar itu")
    assert ListWish.names() == set()


def test_rows_that_are_wrong_are_listed_and_none_is_taken(server: CatalogueServer):
    serve(server, [*ROWS, row("991", "Yatim")])

    with transaction():
        ListWish.make("kbli-2025", None)
    fetch_lists()

    remarks = ListImport.last()["kbli-2025"].remarks
    assert remarks == [
        f"Baris {len(ROWS) + 1}: induk 99 dari kode 991 tidak ada dalam daftar"
    ]
    assert codes() == []


def test_regions_of_the_configured_areas_are_fetched(server: CatalogueServer):
    lists = {
        "26": [{"kode": "9900000", "nama": "CONTOH"}, {"kode": "1100000", "nama": "X"}],
        "27": [{"kode": "9901000", "nama": "CONTOH"}, {"kode": "9902000", "nama": "Y"}],
        "28": [{"kode": "9901010", "nama": "SATU"}, {"kode": "9901020", "nama": "DUA"}],
    }
    for number, rows in lists.items():

        def answer(rows: list[Any] = rows) -> Answer:
            inner = {"status": 200, "condition": "OK", "data": rows}
            return answered({"status": "OK", "data": [{"page": 1}, inner]})

        server.faults[number] = answer

    region_fetching.fetch()

    titles = [
        r.title for r in db.session.scalars(sa.select(Region).order_by(Region.id))
    ]
    assert titles == [
        "Provinsi Contoh",
        "Kabupaten Contoh",
        "Kecamatan Satu",
        "Kecamatan Dua",
    ]
    assert code_of("kec. dua") == "9901020"


def test_without_a_key_the_refusal_says_so(app: Flask, server: CatalogueServer):
    with transaction():
        db.session.execute(sa.delete(CatalogueSource))
    run = app.test_cli_runner().invoke

    for words in (["classifications", "import", "kbli-2025"], ["regions", "import"]):
        refused = run(args=words)
        assert refused.exit_code == 1
        assert "Kunci WebAPI dan domain belum diisi." in refused.output


def test_a_wish_whose_run_is_broken_off_ends_after_some_attempts(context: None):
    with transaction():
        ListWish.make("kbli-2025", None)
    for _ in range(3):
        with transaction():
            assert ListWish.take() == ("kbli-2025", None)
    with transaction():
        assert ListWish.take() is None
    assert ListWish.names() == set()
