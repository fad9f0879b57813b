"""A server of ours that answers as the WebAPI does, with made-up lists and its faults.

Everything in it is invented: a district that does not exist, and figures of no place.
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.web_server import Answer, Request, WebServer

KEY = "kunci-contoh"
ESCAPED = (
    "&lt;ul&gt;&lt;li&gt;&lt;style&gt;p{color:red}&lt;/style&gt;Jumlah &amp;amp;nbsp;"
    "&lt;script&gt;alert(1)&lt;/script&gt;jiwa\t\r\n&lt;/li&gt;&lt;/ul&gt;"
)
DOMAINS = [
    {"domain_id": "0000", "domain_name": "Pusat", "domain_url": "https://www.bps.test"},
    {"domain_id": "9900", "domain_name": "Contoh", "domain_url": "https://c.bps.test"},
    {
        "domain_id": "9901",
        "domain_name": "Kab. Contoh",
        "domain_url": "https://contohkab.bps.test",
    },
]


def found(rows: list[Any], page: int = 1, size: int = 10) -> dict[str, Any]:
    """Return a page of `rows` in the service's envelope."""
    pages = -(-len(rows) // size)
    facts = {"page": page, "pages": pages, "total": len(rows)}
    if not rows:
        return {"status": "OK", "data-availability": "list-not-available", "data": ""}
    part = rows[(page - 1) * size : page * size]
    data = [facts | {"per_page": size, "count": len(part)}, part]
    return {"status": "OK", "data-availability": "available", "data": data}


def publications(count: int = 25) -> list[dict[str, Any]]:
    return [
        {
            "pub_id": f"ab{n:03}",
            "title": f"Kabupaten Contoh Dalam Angka {2000 + n}",
            "abstract": ESCAPED,
            "issn": "1234-5678",
            "sch_date": None,
            "rl_date": f"{2000 + n}-02-28",
            "updt_date": None,
            "cover": "",
            "pdf": f"https://contohkab.bps.test/{n}.pdf",
            "size": "13.46 MB",
        }
        for n in range(1, count + 1)
    ]


RELEASES = [
    {
        "brs_id": 7,
        "subj_id": "3",
        "subj": "Inflasi",
        "title": "Oktober 2025, inflasi Kabupaten Contoh 0,21 persen",
        "abstract": "&lt;p&gt;Inflasi&lt;/p&gt;",
        "rl_date": "2025-11-03",
        "updt_date": None,
        "pdf": "javascript:alert(1)",
        "size": "1 MB",
    }
]
STATIC = [
    {
        "table_id": "11",
        "title": "Luas Panen Padi Menurut Kecamatan, 2015-2018",
        "subj_id": 53,
        "subj": "Tanaman Pangan",
        "updt_date": "2019-05-06",
        "size": "12 KB",
        "excel": "https://contohkab.bps.test/11.xls",
    }
]
VARIABLES = [
    {
        "var_id": 31,
        "title": "Jumlah Penduduk Menurut Kecamatan dan Jenis Kelamin",
        "sub_id": 12,
        "sub_name": "Kependudukan",
        "def": ESCAPED,
        "notes": "Proyeksi",
        "unit": "Jiwa",
        "vertical": 1,
        "turth": 1,
        "turvar": 1,
    },
    {
        "var_id": "32",
        "title": "Indeks Pembangunan Manusia",
        "sub_id": 26,
        "sub_name": "IPM",
        "def": "",
        "notes": "",
        "unit": "Tidak Ada Satuan",
        "vertical": 1,
        "turth": 0,
        "turvar": 0,
    },
]
INDICATORS = [
    {
        "indicator_id": 5,
        "var": "40",
        "title": "Penduduk Miskin",
        "name": "Persentase Penduduk Miskin",
        "value": "9.45",
        "unit": "Persen",
        "periode": "Semester 1 (Maret) 2025",
        "data_source": "Susenas",
        "hash_id": "h5",
    }
]
SIMDASI = [
    {
        "id_tabel": "Ab12==",
        "judul": "Jumlah Sekolah Menurut Kecamatan",
        "judul_en": "Number of Schools",
        "kode_tabel": "4.1.1",
        "ketersediaan_tahun": [2015, "2016", 2017],
        "bab": "4",
        "subject": "Pendidikan",
        "mms_id": 1,
        "mms_subject": "",
    }
]


def data_of(variable: str, years: list[int]) -> dict[str, Any]:
    """Return the figures of a variable, for the district and two kecamatan."""
    if variable == "31":
        rows = [
            ("9901010", "Selasih", 1),
            ("9901020", "Kemangi", 2),
            ("9901", "Jumlah", 3),
        ]
        columns = [(1, "Laki-laki", 100), (2, "Perempuan", 110), (3, "Jumlah", 210)]
        unit, label = "Jiwa", "Kecamatan"
    else:
        rows, columns = [("9901", "Kabupaten Contoh", 1)], [(0, "Tidak Ada", 70)]
        unit, label = "Tidak Ada Satuan", "Wilayah"
    content = {
        f"{code}{variable}{column}{year}0": factor * base + year
        for code, _, factor in rows
        for column, _, base in columns
        for year in years
    }
    return {
        "status": "OK",
        "data-availability": "available",
        "var": [{"val": int(variable), "label": "", "unit": unit, "decimal": "0"}],
        "turvar": [{"val": column, "label": name} for column, name, _ in columns],
        "labelvervar": label,
        "vervar": [{"val": code, "label": name} for code, name, _ in rows],
        "tahun": [{"val": year, "label": str(1900 + year)} for year in years],
        "turtahun": [{"val": 0, "label": "Tahun"}],
        "datacontent": content,
    }


class CatalogueServer(WebServer):
    """Answers as the WebAPI; `faults` has what to do instead, by list and page."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.lists: dict[str, list[Any]] = {
            "publication": publications(),
            "pressrelease": RELEASES,
            "statictable": STATIC,
            "var": VARIABLES,
            "indicators": INDICATORS,
        }
        self.simdasi: list[Any] = SIMDASI
        self.years = list(range(115, 126))
        self.faults: dict[str, Callable[[], Answer]] = {}

    def asked(self, model: str) -> list[dict[str, str]]:
        """Return the queries for a list, in order."""
        queries = [query_of(request.path) for request in self.requests]
        return [query for query in queries if query.get("model") == model]

    def _answer(self, request: Request) -> Answer:
        query, path = query_of(request.path), urlsplit(request.path).path
        name = query.get("model") or path.rpartition("/")[2]
        page = int(query.get("page", 1))
        for place in (f"{name}/{page}", name, "*"):
            if place in self.faults:
                return self.faults[place]()
        if query.get("key") != KEY:
            return answered({"error": "UserNotFound"}, 404)
        if path.endswith("/domain"):
            return answered(found(DOMAINS, 1, 600))
        if "/simdasi/" in path:
            return answered(self._simdasi(query))
        if name == "th":
            rows = [{"th_id": y, "th": str(1900 + y)} for y in self.years]
            return answered(found(rows, page))
        if name == "data":
            years = [int(year) for year in query["th"].split(";")]
            return answered(data_of(query["var"], years))
        own = query["domain"] == "9901"
        return answered(found(self.lists[name] if own else [], page))

    def _simdasi(self, query: dict[str, str]) -> dict[str, Any]:
        inner = {"status": 200, "condition": "OK", "message": "-", "data": self.simdasi}
        return {
            "status": "OK",
            "data-availability": "available",
            "data": [{"page": 1}, inner | {"wilayah": query["wilayah"]}],
        }


def query_of(path: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}


def answered(content: Any, status: int = 200) -> Answer:
    body = json.dumps(content).encode()
    return Answer(body, status, {"Content-Type": "application/json"})
