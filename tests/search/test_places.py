"""Words that say where and when: read by the words next to them."""

from pst.search.language import gazetteer


def test_a_village_is_known_by_the_word_before_it():
    read = ["penduduk", "desa", "gumelem", "kecamatan", "dalam", "angka"]

    assert gazetteer.place_names(read) == {"gumelem"}
    assert gazetteer.kinds_of_place(read) == {"desa"}


def test_a_province_is_known_with_its_direction():
    read = ["pdrb", "jawa", "tengah", "dan", "timur", "jateng"]

    assert gazetteer.regions(read) == {"jawa", "tengah", "jateng"}


def test_a_period_is_known_by_the_month_or_number_after_it():
    read = ["inflasi", "bulan", "mei", "tahun", "2024", "tiap", "bulan", "rilis"]

    assert gazetteer.times(read) == {"bulan", "mei", "tahun"}
    assert gazetteer.times(["rilis", "bulan", "ini"]) == set()
