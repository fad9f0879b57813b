"""Words with which people ask for figures, and what each of them says of the answer."""

from pst.search.language import indonesian

# Words for a time, a sign or a scale, which say nothing about what is counted; they
# are not searched for.
OF_NOW = frozenset(
    [
        *("minus", "plus", "baru", "ini", "kemarin", "kini", "lalu", "saat"),
        *("sekarang", "terakhir", "terbaru", "terkini", "update"),
        *("juta", "miliar", "ribu", "triliun"),
    ]
)
# They ask for the first of many.
SUPERLATIVES = frozenset(
    [
        *("paling", "terbanyak", "terbesar", "terendah", "terkaya", "terkecil"),
        *("terluas", "termiskin", "terpadat", "terpencil", "tersedikit", "tertinggi"),
    ]
)
# Next to a word for a level they ask which area it is.
WHICH = SUPERLATIVES | {"apa", "mana"}
# Levels of which a district has many: alone they ask for all, and are not its own.
OF_MANY = frozenset(["desa", "kec", "kecamatan", "kel", "kelurahan"])
# Words that ask for any figure, and say nothing about which.
ANY_FIGURE = OF_NOW | {
    *("terbanyak", "terbesar", "terendah", "terkecil", "tertinggi"),
    *("angka", "banyak", "banyaknya", "besar", "besaran", "bidang", "data", "hasil"),
    *("jumlah", "jml", "nilai", "sektor", "total"),
    # Which of two is more, since when, and of whom it is a number.
    *("banding", "bandingkan", "dibanding", "dibandingkan", "hingga", "kecil"),
    *("naik", "perbandingan", "rendah", "sampai", "sd", "tinggi", "tren", "turun"),
    *("jiwa", "orang", "versus", "vs", "warga"),
}
# Words of a title, as stems, that say which measure of a thing it is about: "PDRB per
# kapita" answers no question about PDRB.
KINDS_OF_FIGURE = frozenset(
    map(
        indonesian.stem,
        [
            *("distribusi", "indeks", "kapita", "kepadatan", "laju", "pertumbuhan"),
            *("peranan", "persen", "persentase", "rasio", "rata", "tingkat"),
        ],
    )
)
# They ask for a number of something, which no index is.
OF_A_NUMBER = frozenset(["banyak", "banyaknya", "jml", "jumlah"])
# Stems that make people a part of them: the poor answer no question about all.
PEOPLE = indonesian.stem("penduduk")
PARTS_OF_PEOPLE = frozenset(map(indonesian.stem, ["bekerja", "miskin", "umur", "usia"]))
# Words between areas that are compared.
JOINING = frozenset(
    [
        *("antara", "atau", "banding", "dan", "dengan", "dibanding", "dibandingkan"),
        *("lawan", "maupun", "sama", "serta", "versus", "vs"),
    ]
)
# After these a word for a level says how the figures are divided, and is no area.
FOR_EACH = frozenset(["antar", "menurut", "per", "setiap", "tiap"])
# Nouns that ask for nothing until it is said of what: a word after them that may be
# the name of a place may as well be the goods, as in "produksi bawang".
OF_SOMETHING = frozenset(
    [
        *("ekspor", "harga", "impor", "konsumsi", "panen", "produksi"),
        *("produktivitas", "tanam"),
    ]
)
