"""The admin brings in lists of codes and regions, and reads why one is refused."""

from io import BytesIO

import pytest

from tests.classifications.conftest import HEADING, workbook
from tests.journeys.conftest import Browser
from tests.regions.conftest import LIST

PAGE = "/admin/sumber/daftar"
TREE = [HEADING, ("A", "Pertanian", ""), ("01", "Tanaman", "")]


def send(andi: Browser, path: str, file: BytesIO, **fields: str):
    data = {"file": (file, "daftar.xlsx"), **fields}
    return andi.post(f"{PAGE}/{path}", data, content_type="multipart/form-data")


def codes(andi: Browser, rows: list, **fields: str):
    form = {"family": "KBLI", "year": "2025", "source": "Peraturan uji", **fields}
    return send(andi, "kode", workbook(rows), **form)


def test_a_list_of_codes_is_imported_and_shown(andi: Browser, visitor: Browser):
    assert codes(andi, TREE).status_code == 303

    page = andi.get(PAGE).text
    assert "Selesai: 2 baru, 0 berubah, 0 dihapus, 0 tetap." in page
    assert "KBLI 2025" in page and "Peraturan uji" in page
    assert "01" in visitor.get("/klasifikasi?q=tanaman").text
    assert "Kode dan wilayah" in andi.get("/admin/sumber").text


def test_a_wrong_list_is_refused_with_its_lines(andi: Browser):
    refused = codes(andi, [*TREE, ("01", "Lagi", ""), ("0999", "Yatim", "")])

    assert refused.status_code == 422
    assert "Baris 4: kode 01 sudah ada di baris 3" in refused.text
    assert "Baris 5: induk 099 dari kode 0999 tidak ada dalam daftar" in refused.text
    assert "Ditolak" in andi.get(PAGE).text
    # What was typed is still there.
    assert 'value="Peraturan uji"' in refused.text


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"year": "dua"}, "Tulis tahun"), ({"year": ""}, "Tulis tahun")],
)
def test_a_form_that_is_wrong_says_what(andi: Browser, fields: dict, reason: str):
    refused = codes(andi, TREE, **fields)

    assert refused.status_code == 422


def test_a_file_must_be_chosen(andi: Browser):
    refused = andi.post(f"{PAGE}/wilayah", {})

    assert refused.status_code == 422
    assert "Pilih berkasnya" in refused.text


def test_a_part_of_a_list_needs_the_tick(andi: Browser):
    codes(andi, [*TREE, ("02", "Kehutanan", ""), ("03", "Perikanan", "")])

    refused = codes(andi, TREE)
    assert refused.status_code == 422 and "2 dari 4 kode" in refused.text
    assert codes(andi, TREE, withdraws="y").status_code == 303


def test_a_conversion_is_imported_between_two_editions(andi: Browser, visitor: Browser):
    codes(andi, TREE, year="2020")
    codes(andi, TREE)
    rows = [("KBLI 2020", "KBLI 2025"), ("01", "01")]

    same = send(
        andi, "kesesuaian", workbook(rows), before="kbli-2020", after="kbli-2020"
    )
    assert same.status_code == 422
    done = send(
        andi, "kesesuaian", workbook(rows), before="kbli-2020", after="kbli-2025"
    )
    assert done.status_code == 303
    assert "Di KBLI 2025 tetap" in visitor.get("/klasifikasi/kbli-2020/01").text


def test_regions_are_imported(andi: Browser):
    assert send(andi, "wilayah", BytesIO(LIST.encode())).status_code == 303

    assert "4 desa/kelurahan" in andi.get(PAGE).text


def test_a_list_is_asked_for_only_where_there_is_a_key(andi: Browser):
    assert "Ambil dari WebAPI BPS" not in andi.get(PAGE).text
    andi.post("/admin/sumber", {"key": "kunci", "domains": "3304"})

    assert "Ambil dari WebAPI BPS" in andi.get(PAGE).text
    assert andi.post(f"{PAGE}/pengambilan", {"list": "kbli-2025"}).status_code == 303
    assert "KBLI 2025: menunggu" in andi.get(PAGE).text
    assert andi.post(f"{PAGE}/pengambilan", {"list": "../x"}).status_code == 400
