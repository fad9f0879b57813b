"""20,000 catalogue items: indexing them, finding in them, and the page of results."""

import json
import os
import random
import tempfile
import time
from collections.abc import Iterator

from flask import Flask

from bench.common import report
from bench.search import spread, timed
from pst import config, create_app
from pst.catalogue import documents, storing
from pst.catalogue.documents import ITEM
from pst.catalogue.entries import ItemEntry, Value
from pst.catalogue.queries import CatalogueResults
from pst.catalogue.states import ItemKind, Origin
from pst.database import db
from pst.prepare import prepare
from pst.search import engine
from pst.search.storage import store
from tests.processes import ROOT

ITEMS, YEARS, AREAS = 20_000, range(2016, 2026), 12
JUDGED = ("questions", "held_out", "sloppy", "abbreviations")
OF = ["Jumlah", "Persentase", "Rata-rata", "Produksi", "Luas", "Banyaknya", "Indeks"]
WHAT = [
    *("Penduduk", "Rumah Tangga", "Padi", "Jagung", "Sekolah", "Guru", "Murid"),
    *("Puskesmas", "Bidan", "Hotel", "Kendaraan", "Jalan", "Pasar", "Koperasi"),
    *("Ternak", "Ikan", "Kopi", "Teh", "Pelanggan Listrik", "Air Minum", "Inflasi"),
]
BY = ["Kecamatan", "Jenis Kelamin", "Kelompok Umur", "Bulan", "Lapangan Usaha", "Desa"]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PST_DATA_DIR": folder, "PST_DEMO": "1"}
        app = create_app(config.load({**os.environ, "PST_TESTING": "1"}))
        with app.app_context():
            prepare.main(args=[], standalone_mode=False)
            begin = time.perf_counter()
            storing.take_over("bench", Origin.FILE, list(entries(ITEMS)))
            store_seconds = time.perf_counter() - begin
            documents.write_pending()
            indexed = time.perf_counter() - begin - store_seconds
            rebuilt = rebuild()
            searched, answered = searches(), timed(questions(), answer)
        report(
            items=ITEMS,
            store_s=round(store_seconds, 1),
            index_s=round(indexed, 1),
            rebuild_s=round(rebuilt, 1),
            search_ms=spread(searched),
            with_figure_ms=spread(answered),
            **pages(app),
        )


def entries(count: int) -> Iterator[ItemEntry]:
    """Yield titles as an office has them; a fifth with figures of its kecamatan."""
    chance = random.Random(count)
    for id in range(count):
        title = f"{chance.choice(OF)} {chance.choice(WHAT)} Menurut {chance.choice(BY)}"
        area = chance.randrange(AREAS)
        yield ItemEntry(
            f"b{id}",
            chance.choice([ItemKind.TABLE, ItemKind.PUBLICATION]),
            f"{title} Seri {id}, {chance.choice(YEARS)}",
            subject=chance.choice(WHAT),
            unit="unit",
            area=f"Kabupaten Uji {area}",
            area_code=f"99{area + 10}",
            address=f"https://contohkab.example/{id}",
            values=() if id % 5 else tuple(Value(year, float(id)) for year in YEARS),
        )


def rebuild() -> float:
    """Return how long making the index of all items again takes."""
    begin = time.perf_counter()
    engine.rebuild(db.session.connection(), ITEM, documents.documents())
    db.session.commit()
    return time.perf_counter() - begin


def questions() -> list[str]:
    folder = ROOT / "tests" / "catalogue"
    read = [json.loads((folder / f"{name}.json").read_text()) for name in JUDGED]
    return [
        each["question"] if isinstance(each, dict) else each[0]
        for judged in read
        for each in judged
    ]


def searches() -> list[float]:
    connection = store.reading()
    return timed(questions(), lambda words: engine.search(connection, words, ITEM))


def answer(words: str) -> object:
    results = CatalogueResults(words)
    return results.figures, results.items


def pages(app: Flask) -> dict[str, object]:
    """Measure whole pages of results, as a browser gets them, each by itself."""
    client, sizes = app.test_client(), []
    networks = iter(range(10_000))

    def ask(words: str) -> None:
        number = next(networks)
        response = client.get(
            "/cari",
            query_string={"q": words},
            headers={"Accept-Encoding": "br"},
            environ_base={"REMOTE_ADDR": f"10.{number // 250}.{number % 250}.1"},
        )
        assert response.status_code == 200, response.status
        sizes.append(len(response.data))

    took = timed(questions(), ask)
    sizes.sort()
    return {
        "page_ms": spread(took),
        "page_bytes": {"p50": sizes[len(sizes) // 2], "most": sizes[-1]},
    }


if __name__ == "__main__":
    main()
