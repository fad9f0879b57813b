"""The areas of a figure question: each has its figure, or is named as missing."""

from io import BytesIO

import pytest

from pst.catalogue.queries import CatalogueResults
from pst.list_files.runs import ListSource
from pst.regions import importing as region_lists
from tests.catalogue.steps import answer, is_exact


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("question", "areas"),
    [
        ("penduduk selasih dan kemangi 2024", ["Kemangi", "Selasih"]),
        ("penduduk selasih, kemangi, kenanga, melati 2024", None),
        ("penduduk kecamatan selasih kabupaten contoh 2024", ["Selasih"]),
        ("penduduk selasih kabupaten contoh 2024", ["Selasih"]),
        ("penduduk kecamatan contoh kota 2024", ["Contoh Kota"]),
        ("penduduk kabupaten contoh 2024", ["Kabupaten Contoh"]),
    ],
)
def test_every_area_asked_for_has_its_figure(question: str, areas: list[str] | None):
    figure = answer(question)

    assert figure is not None
    values = [figure.value, *figure.others]
    names = sorted(value.area for value in values)
    assert names == areas or (areas is None and len(set(names)) == 4)
    assert {value.year for value in values} == {2024}
    assert {value.breakdown for value in values} == {"Jumlah"}


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("question", "areas"),
    [
        ("penduduk selasih vs kabupaten contoh 2024", ["9901", "9901010"]),
        ("penduduk kabupaten contoh dan kecamatan melati", ["9901", "9901040"]),
        ("persen miskin kab contoh dibanding provinsi 2024", ["99", "9901"]),
        ("persen miskin kab contoh dan provinsi contoh 2024", ["99", "9901"]),
        ("ipm provinsi contoh sama kabupaten contoh", ["99", "9901"]),
        ("ipm kab contoh vs provinsi", ["99", "9901"]),
        ("ipm provinsi contoh", ["99"]),
        ("ipm kab contoh", ["9901"]),
    ],
)
def test_areas_of_two_levels_that_are_compared_are_both_shown(
    question: str, areas: list[str]
):
    figures = CatalogueResults(question).figures
    codes = [
        value.area_code
        for figure in figures
        for value in (figure.value, *figure.others)
    ]

    assert sorted(codes) == areas
    assert len({figure.item.unit for figure in figures}) == 1
    assert all(
        value.item_id == figure.item.id for figure in figures for value in figure.others
    ), "no figure is composed from two sources"


@pytest.mark.usefixtures("demo")
def test_an_area_that_is_missing_next_to_another_is_named():
    figure = answer("inflasi contoh dibanding nasional")

    assert figure is not None
    assert figure.value.area_code == "9901"
    assert figure.missing_place == "nasional"


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("question", "item", "place"),
    [
        ("produksi padi cianjur 2024", "padi", "cianjur"),
        ("ipm kebumen 2023", "ipm", "kebumen"),
        ("rata2 lama sekolah sleman 2024", "rls", "sleman"),
    ],
)
def test_a_district_elsewhere_is_named_as_missing(question: str, item: str, place: str):
    figure = answer(question)

    assert figure is not None
    assert (figure.item.source_id, figure.missing_place) == (item, place)


REGIONS = """Kode BPS;Nama;Nama lain
99;Provinsi Contoh;
9901;Kabupaten Contoh;
9901010;Selasih;
9901020;Kemangi;Basilika
9901030;Kenanga;Tjempaka Lama
9901060;Contoh Kota;
9901020001;Basilika;
"""


@pytest.fixture
def places(demo: None) -> None:
    file = BytesIO(REGIONS.encode())
    region_lists.bring_in(lambda: region_lists.read(file), ListSource("uji"))


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize(
    ("question", "area"),
    [
        ("jumlah penduduk kec. basilika 2024", "9901020"),
        ("penduduk kecamatan Kemangie 2024", "9901020"),
        ("penduduk Cempaka Lama 2024", "9901030"),
        ("brp penduduk kec contohkota 2024", "9901060"),
        ("penduduk kab. contoh 2024", "9901"),
    ],
)
def test_old_names_and_other_spellings_lead_to_one_area(question: str, area: str):
    figure = answer(question)

    assert figure is not None, question
    assert figure.value.area_code == area
    assert is_exact(figure)


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("dalam angka kec. basilika", "kda-9901020"),
        ("publikasi dalam angka 2025 di kemangi", "kda-9901020"),
        ("dalam angka 2025 daerah tjempaka lama", "kda-9901030"),
        ("kab. contoh dalam angka", "dda-2026"),
    ],
)
def test_items_of_the_region_asked_for_come_first(question: str, first: str):
    assert CatalogueResults(question).items[0].source_id == first


@pytest.mark.usefixtures("places")
def test_a_village_is_not_its_kecamatan():
    figure = answer("penduduk desa basilika 2024")

    assert figure is None or not is_exact(figure)
