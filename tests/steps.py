"""What people do through the pages, by HTTP: steps that several journeys share."""

import re
from html import unescape
from io import BytesIO

from tests.pages import Browser, hidden

NUMBER = "KS-2026-000001"
MINE = f"/konsultasi/{NUMBER}"
DESK = f"/petugas/konsultasi/{NUMBER}"
TAKING = "/petugas/daftar-kerja/pengambilan"
HTMX = {"HX-Request": "true"}
NEW = "rumah-kecil-di-tepi-serayu"
TUTI = {
    "name": "Tuti Handayani",
    "email": "tuti@contoh.test",
    "institution_kind": "perorangan",
    "institution": "Perorangan",
    "occupation": "wiraswasta",
    "password": NEW,
    "consent": "y",
}
PDF = b"%PDF-1.7\n" + b"isi laporan " * 5000
CALL = {
    **{"key": "one-form", "channel": "phone", "category": "data"},
    **{"subject": "Harga gabah", "answer": "Rp6.500 per kilogram."},
    **{"outcome": "dijawab", "asked_at": "2026-03-02T08:40"},
}
ARTICLE = {
    "title": "Bagaimana memperoleh data curah hujan?",
    "body": "Data curah hujan dimiliki **BMKG**. Lihat [BMKG](https://bmkg.go.id).",
    "topic": "data",
    "answer": "elsewhere",
    "answer_note": "Mintalah kepada stasiun BMKG terdekat.",
    "tags": "cuaca",
    "synonyms": "hujan, iklim",
    "source": "",
    "review_on": "",
    "base": "0",
}
LIST = "/petugas/tindak-lanjut"
WORK = f"{LIST}/TL-2026-000001"
LETTER = "Kami mohon maaf. Ini tabel lengkapnya: https://banjarnegarakab.bps.go.id"

SHELF = "/petugas/laporan"
REPORT = {
    "number": "B-7/33040/HM.340/2026",
    "summary": "Layanan berjalan baik.",
    "conclusion": "Jawaban perlu lebih cepat.",
    "recommendations-0-text": "Tambah petugas pada hari Senin.",
    "recommendations-0-person": "Budi Santoso",
    "recommendations-0-by": "2026-04-30",
}


def ask(browser: Browser, **fields: str):
    data = {
        "subject": "Jumlah penduduk",
        "description": "Menurut umur.",
        "area": "Wanadadi",
        "years": "2020–2025",
        **fields,
    }
    return browser.post("/konsultasi/baru?jenis=data", data)


def has_read(page: str) -> dict[str, str]:
    match = re.search(r'hx-ptag="([\d.]+)"', page)
    assert match
    return {**HTMX, "HX-PTag": match[1]}


def log_in(browser: Browser, email: str, password: str, **more: str):
    return browser.post("/masuk", {"email": email, "password": password, **more})


def upload(browser, content: bytes, name: str, key: str = "k1"):
    return browser.post(
        f"{MINE}/lampiran",
        {"files": (BytesIO(content), name), "key": key},
        content_type="multipart/form-data",
        headers={"HX-Request": "true"},
    )


def made(browser: Browser, **changed: str) -> str:
    """Save a draft; return the address of its page."""
    answer = browser.post("/petugas/artikel", {**ARTICLE, **changed})
    assert answer.status_code == 303, answer.text
    return answer.location


def drafted(officer, **period) -> str:
    """Start a report and return its address."""
    answer = officer.post("/petugas/laporan", period or {"period": "2026-02"})
    assert answer.status_code == 303, answer.text
    return answer.location


def secret_in(page: str) -> str:
    match = re.search(r"<code>([A-Z2-7 \n]+)</code>", page)
    assert match
    return "".join(match[1].split())


def cells(shown: str) -> list[list[str]]:
    """Read the cells of a table as a browser does."""
    return [
        [unescape(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)]
        for row in re.findall(r"<tr>(.*?)</tr>", shown, re.S)
    ]


def id_of(andi: Browser, name: str) -> int:
    page = andi.get("/admin/pengguna", query_string={"q": name}).text
    match = re.search(r'href="/admin/pengguna/(\d+)"', page)
    assert match
    return int(match[1])


def send_letter(officer: Browser, text: str = LETTER):
    officer.post(f"{WORK}/email", {"body": text, "press": "pratinjau"})
    page = officer.get(f"{WORK}/email/pratinjau").text
    return officer.post(f"{WORK}/pengiriman", {"key": hidden(page, "key")})


def sent_report(officer, number: str = REPORT["number"], **period) -> str:
    """Write a report and send it; return its address."""
    address = drafted(officer, **period)
    officer.post(f"{address}/isian", {**REPORT, "number": number})
    assert send_report(officer, address).status_code == 303
    return address


def send_report(officer, address: str):
    """Send what the preview shows now."""
    preview = officer.get(f"{address}/pratinjau").text
    return officer.post(f"{address}/pengiriman", {"seen": hidden(preview, "seen")})


def head_address(address: str) -> str:
    return "/ketua/laporan/" + address.rsplit("/", 1)[1]


def consulted(user, officer) -> str:
    """Ask, answer and close a consultation; return its address."""
    address = ask(user).location
    desk = f"/petugas{address}"
    for path, form in (
        ("pengambilan", {}),
        ("pesan", {"body": "Ada di publikasi."}),
        ("penutupan", {}),
    ):
        assert officer.post(f"{desk}/{path}", form).status_code == 303
    return address


def rate(user, address: str, comment: str) -> None:
    card = user.get(f"{address}/penilaian").text
    link = re.search(r'href="(/nilai/[^"?]+)', card)[1]
    answer = user.post(link, {"score": "3", "comment": comment})
    assert answer.status_code == 303, answer.text


def published(writer: Browser, reviewer: Browser, **changed: str) -> str:
    page = made(writer, **changed)
    assert writer.post(f"{page}/tinjauan").status_code == 303
    answer = reviewer.post(f"{page}/penerbitan")
    assert answer.status_code == 303, answer.text
    return page


def siti_sees(budi: Browser) -> str:
    return Browser(budi.app).log_in("siti").get(MINE).text
