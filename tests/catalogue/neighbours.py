"""A catalogue as a district's sources fill it: areas that are items of their own.

The figures are counted up and mean nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

SUBDISTRICTS = {
    "Susukan": "3304010",
    "Purworejo Klampok": "3304020",
    "Mandiraja": "3304030",
    "Bawang": "3304050",
    "Banjarnegara": "3304060",
    "Sigaluh": "3304070",
    "Madukara": "3304080",
    "Wanadadi": "3304110",
    "Rakit": "3304120",
    "Punggelan": "3304130",
    "Karangkobar": "3304140",
    "Batur": "3304170",
    "Kalibening": "3304190",
}
VILLAGES = ["Wanadadi", "Wanakarsa", "Tapen", "Gumingsir", "Lemahjaya", "Medayu"]
AREAS = {
    "3301": "Kabupaten Cilacap",
    "3302": "Kabupaten Banyumas",
    "3303": "Kabupaten Purbalingga",
    "3304": "Kabupaten Banjarnegara",
    "3305": "Kabupaten Kebumen",
    "3307": "Kabupaten Wonosobo",
    "3308": "Kabupaten Magelang",
    "3371": "Kota Magelang",
    "33": "Provinsi Jawa Tengah",
    "": "Indonesia",
    "3304110": "Kecamatan Wanadadi",
}
OWN = "3304"
MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober"
YEARS = [str(year) for year in range(2019, 2025)]
NEWER = [str(year) for year in range(2018, 2026)]
_figures = count(1_000)


def item(
    id: str,
    title: str,
    unit: str,
    code: str,
    periods: Iterable[str],
    areas: Mapping[str, str] | None = None,
    breakdowns: Sequence[str] = ("",),
) -> dict[str, Any]:
    values = [
        {"period": period, "value": next(_figures), "breakdown": breakdown}
        | ({"area": area, "area_code": of_area} if area else {})
        for period in periods
        for area, of_area in (areas or {"": ""}).items()
        for breakdown in breakdowns
    ]
    row = {"id": id, "kind": "tabel", "title": title, "unit": unit, "values": values}
    return row | {"area": AREAS[code], "area_code": code}


def rows() -> list[dict[str, Any]]:
    """Return the items as the import reads them."""
    own = {AREAS[OWN]: OWN} | SUBDISTRICTS
    villages = {name: f"3304110{at:03}" for at, name in enumerate(VILLAGES, 1)}
    sexes = ["Jumlah", "Laki-laki", "Perempuan"]
    sectors = ["Pertanian, Kehutanan, dan Perikanan", "Konstruksi", "Jumlah"]
    months = [f"{name} 2025" for name in f"{MONTHS} November Desember".split()]
    months.append("Januari 2026")
    quarters = [
        f"Triwulan {q} {y}" for y in (2024, 2025) for q in ["I", "II", "III", "IV"]
    ]
    by_sex = "Jumlah Penduduk Menurut Kecamatan dan Jenis Kelamin"
    growth = "Laju Pertumbuhan Ekonomi"
    sector = "PDRB Atas Dasar Harga Berlaku Menurut Lapangan Usaha"
    minimum = [str(year) for year in range(2022, 2027)]
    schools = ["SD", "SMP", "SMA", "SMK"]
    every = ("3301", "3302", "3303", "3305", "3307", "3308", "3371", "33", "")
    human = ("3304", "3301", "3302", "3303", "3305", "3307", "33", "")
    poor = ("3304", "33", "", "3301", "3302")
    open_rate = "Tingkat Pengangguran Terbuka (TPT)"
    human_index = "Indeks Pembangunan Manusia (IPM)"
    august = [f"Agustus {year}" for year in NEWER]
    return [
        item("pend-3304", by_sex, "jiwa", OWN, YEARS, own, sexes),
        *(item(f"pend-{c}", "Jumlah Penduduk", "jiwa", c, YEARS) for c in every),
        item(
            "desa",
            "Jumlah Penduduk Menurut Desa",
            "jiwa",
            "3304110",
            YEARS[-2:],
            villages,
        ),
        *(
            item(f"pmiskin-{c}", "Persentase Penduduk Miskin", "persen", c, NEWER)
            for c in poor
        ),
        item("jmiskin", "Jumlah Penduduk Miskin", "ribu jiwa", OWN, NEWER),
        *(item(f"ipm-{c}", human_index, "", c, NEWER) for c in human),
        *(item(f"tpt-{c}", open_rate, "persen", c, august) for c in ("3304", "33")),
        item("inf-mtm", "Inflasi Bulanan (m-to-m)", "persen", "33", months),
        item("inf-yoy", "Inflasi Tahunan (y-on-y)", "persen", "33", months),
        item("padi", "Produksi Padi Menurut Kecamatan", "ton", OWN, YEARS, own),
        item("salak", "Produksi Salak Menurut Kecamatan", "kuintal", OWN, YEARS, own),
        item("luas", "Luas Wilayah Menurut Kecamatan", "km²", OWN, ["2024"], own),
        item(
            "padat",
            "Kepadatan Penduduk Menurut Kecamatan",
            "jiwa/km²",
            OWN,
            YEARS,
            own,
        ),
        item("pdrb", sector, "miliar rupiah", OWN, YEARS, None, sectors),
        item("ekonomi-3304", growth, "persen", OWN, YEARS),
        item("ekonomi-tw", f"{growth} Triwulanan (y-on-y)", "persen", "33", quarters),
        item("umk", "Upah Minimum Kabupaten (UMK)", "rupiah", OWN, minimum),
        item(
            "sekolah",
            "Jumlah Sekolah Menurut Jenjang",
            "unit",
            OWN,
            YEARS[3:],
            None,
            schools,
        ),
        item(
            "nikah",
            "Jumlah Pernikahan Menurut Kecamatan",
            "pasangan",
            OWN,
            YEARS[4:],
            own,
        ),
    ]
