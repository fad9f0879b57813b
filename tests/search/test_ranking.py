"""Order within a budget: what answers is found, wherever it stands in the index."""

from collections.abc import Iterator

import pytest

from pst.search import engine, ranking
from pst.search.query import Query
from tests.search.places import writable

KIND, OTHER = engine.DocumentKind(0), engine.DocumentKind(1)


def document(id: int, title: str, body: str, kind: engine.DocumentKind = KIND):
    return engine.Document(kind, id, f"d-{kind.number}-{id}", title, "data", body)


def about_small_firms(count: int) -> Iterator[engine.Document]:
    for id in range(1, count):
        body = f"Catatan {id} menyebut usaha kecil di antara hal lain."
        yield document(id, f"Catatan nomor {id}", body)
    yield document(count, "Usaha kecil", "Apa yang dihitung sebagai usaha kecil.")


@pytest.mark.parametrize("count", [100, 3_000])
@pytest.mark.usefixtures("context")
def test_the_newest_document_is_found_among_many_alike(count: int):
    connection = writable()
    engine.rebuild(connection, KIND, about_small_firms(count))

    answer = engine.search(connection, "usaha kecil", KIND)

    assert answer.hits[0].source_id == count


@pytest.mark.usefixtures("context")
def test_no_more_rows_are_scored_than_the_budget_pays_for(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(ranking, "MIN_BUDGET", 50)
    monkeypatch.setattr(ranking, "ROWS_TIMES_DOCUMENTS", 1)
    connection = writable()
    engine.rebuild(connection, KIND, about_small_firms(400))

    query = Query(connection, "usaha kecil", KIND)
    match = ranking._within_budget(connection, query, KIND)
    rows = connection.exec_driver_sql(
        "SELECT count(*) FROM search_index WHERE search_index MATCH ?", (match,)
    ).scalar_one()

    assert 0 < rows <= 50
    assert engine.search(connection, "usaha kecil", KIND).hits[0].source_id == 400


def about_a_district(count: int) -> Iterator[engine.Document]:
    """Documents of one district, every tenth about its literacy."""
    for id in range(1, count + 1):
        subject = "Melek huruf" if id % 10 == 0 else f"Catatan {id}"
        yield document(id, f"{subject} kabupaten contoh", "Menurut kecamatan.")


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(("enough", "rows"), [(40, 40), (41, 400)])
def test_a_name_that_all_have_adds_no_rows_to_enough_rare_ones(
    monkeypatch: pytest.MonkeyPatch, enough: int, rows: int
):
    monkeypatch.setattr(ranking, "MIN_BUDGET", 200)
    monkeypatch.setattr(ranking, "ROWS_TIMES_DOCUMENTS", 1)
    monkeypatch.setattr(ranking, "ENOUGH", enough)
    connection = writable()
    engine.rebuild(connection, KIND, about_a_district(400))

    query = Query(connection, "melek huruf kabupaten contoh", KIND)
    match = ranking._within_budget(connection, query, KIND)
    count = connection.exec_driver_sql(
        "SELECT count(*) FROM search_index WHERE search_index MATCH ?", (match,)
    ).scalar_one()

    assert count == rows
    hits = engine.search(connection, "melek huruf kabupaten contoh", KIND).hits
    assert hits
    assert all("Melek huruf" in hit.title for hit in hits)


@pytest.mark.usefixtures("context")
def test_kinds_share_words_and_never_rows():
    connection = writable()
    engine.rebuild(connection, KIND, [document(1, "Luas waduk", "Luas.")])
    engine.rebuild(connection, OTHER, [document(1, "Tabel waduk", "Ha.", OTHER)])

    articles = engine.search(connection, "waduk", KIND).hits
    others = engine.search(connection, "waduk", OTHER).hits

    assert [hit.title for hit in articles] == ["Luas waduk"]
    assert [hit.title for hit in others] == ["Tabel waduk"]
    engine.remove(connection, OTHER, 1)
    assert engine.search(connection, "waduk", KIND).hits


def snippet(words: str, body: str) -> str:
    connection = writable()
    engine.rebuild(connection, KIND, [document(1, "Indeks Harga Konsumen", body)])
    hit = engine.search(connection, words, KIND).hits[0]
    return "".join(piece.text for piece in hit.snippet)


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("kapan indeks harga konsumen", "tanggal 1 tiap bulan"),
        ("berapa indeks harga konsumen", "sebesar 106,52"),
    ],
)
def test_a_snippet_looks_for_what_is_asked(words: str, answer: str):
    filler = "Kalimat panjang tentang hal lain yang tidak ditanyakan. " * 10
    names = "Indeks harga konsumen dihitung dari harga barang. "
    sentence = f"Indeks harga konsumen pada rilis lalu, {answer}. "

    assert answer in snippet(words, names + filler + sentence + filler)


@pytest.mark.usefixtures("context")
def test_many_tables_make_no_word_common_among_the_articles():
    connection = writable()
    engine.rebuild(connection, KIND, [document(1, "Jumlah penduduk", "Jiwa.")])
    alone = engine.search(connection, "jumlah penduduk", KIND)
    tables = (document(i, f"Jumlah penduduk {i}", "", OTHER) for i in range(1, 500))
    engine.rebuild(connection, OTHER, tables)

    among_many = engine.search(connection, "jumlah penduduk", KIND)

    assert among_many.weight == alone.weight
    assert [hit.title for hit in among_many.hits] == ["Jumlah penduduk"]


@pytest.mark.usefixtures("context")
def test_what_another_kind_is_called_is_no_mistake():
    connection = writable()
    engine.rebuild(connection, KIND, [document(1, "Selisih penduduk", "Dua sumber.")])
    before = engine.search(connection, "penduduk selasih", KIND)
    table = document(1, "Kecamatan Selasih Dalam Angka", "Tabel.", OTHER)
    engine.rebuild(connection, OTHER, [table])
    after = engine.search(connection, "penduduk selasih", KIND)

    assert before.corrected == "penduduk selisih"
    assert after.corrected is None
    assert not after.hits and after.unsure, "only the population is shared"


@pytest.mark.usefixtures("context")
def test_rebuilding_one_kind_leaves_the_others():
    connection = writable()
    engine.write(connection, document(1, "Tabel waduk", "Ha.", OTHER))
    engine.rebuild(connection, KIND, [document(1, "Luas waduk", "Luas.")])
    engine.rebuild(connection, KIND, [document(2, "Luas telaga", "Luas.")])

    assert engine.search(connection, "waduk", OTHER).hits[0].source_id == 1
    assert not engine.search(connection, "waduk", KIND).hits
    assert engine.search(connection, "telaga", KIND).hits
    assert not engine.check(
        connection, OTHER, [document(1, "Tabel waduk", "Ha.", OTHER)]
    )
    assert not engine.check(connection, KIND, [document(2, "Luas telaga", "Luas.")])
