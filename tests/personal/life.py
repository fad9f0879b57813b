"""A whole life with the office, through the pages, for a copy of it and its erasure."""

import re
from io import BytesIO
from typing import Any

from tests.journeys.conftest import Browser, hidden
from tests.journeys.mailbox import link_in

# One word in all that she writes or that is written of her; indexes keep words.
WORD = "kisahsiti42"
NAME, EMAIL, PHONE = "Siti Rahayu", "siti@contoh.test", "0812-3456-7890"
OF_HER = f"{NAME} ({EMAIL}, {PHONE}), {WORD}"
NUMBER = "KS-2026-000001"
MINE, DESK = f"/konsultasi/{NUMBER}", f"/petugas/konsultasi/{NUMBER}"
PICTURE = b"%PDF-1.4 " + WORD.encode()


def sent(browser: Browser, path: str, data: dict[str, Any] | None = None) -> str:
    """Send a form; it must be taken. Tell where the browser is sent on to."""
    answer = browser.post(path, data)
    assert answer.status_code in (201, 303), f"{path}: {answer.status_code}"
    return answer.location or ""


def file(name: str) -> tuple[BytesIO, str]:
    return BytesIO(PICTURE + name.encode()), name


def settle_in(siti: Browser) -> None:
    """Write about herself, search, forget the password for a moment."""
    about = {"institution_kind": "perorangan", "occupation": "wiraswasta"}
    sent(siti, "/akun/profil", {"name": NAME, "institution": OF_HER, **about})
    siti.get("/cari", query_string={"q": f"{EMAIL} {PHONE} penduduk"})
    sent(siti, "/akun/data/persetujuan", {"survey": "y", "news": "y"})
    stranger = Browser(siti.app)
    wrong = {"email": EMAIL, "password": f"{WORD}-bukan-ini"}
    assert stranger.post("/masuk", wrong).status_code == 422
    sent(stranger, "/lupa-sandi", {"email": EMAIL})


def ask(siti: Browser) -> None:
    sent(
        siti,
        "/konsultasi/baru?jenis=data",
        {
            "subject": f"Penduduk {WORD}",
            "description": OF_HER,
            "area": f"Wilayah {WORD}",
            "years": f"2020 {WORD}",
        },
    )
    sent(siti, f"{MINE}/pesan", {"body": OF_HER, "files": file(f"{WORD}.pdf")})
    sent(siti, f"{MINE}/lampiran", {"files": file(f"belum-{WORD}.pdf")})


def serve(budi: Browser) -> None:
    """Take it, note and draft, answer, close too late and say why."""
    sent(budi, f"{DESK}/pengambilan")
    sent(budi, f"{DESK}/catatan", {"body": f"Catatan: {OF_HER}"})
    sent(budi, f"{DESK}/nomor-silastik", {"silastik": f"SLS-{WORD}"})
    sent(budi, f"{DESK}/pesan", {"body": f"Jawaban untuk {OF_HER}"})
    page = budi.get(DESK).text
    last = re.findall(r'value="(final \d+)"', page)[-1]
    sent(budi, f"{DESK}/tanda", {"mark": last})
    draft = {"body": f"Draf untuk {OF_HER}", "key": "k-draf"}
    assert budi.post(f"{DESK}/draf", draft).status_code == 204
    why = {"reason": "workload", "note": f"Terlambat karena {WORD}"}
    sent(budi, f"{DESK}/penutupan", why)


def receive(budi: Browser) -> None:
    """Write down that she came by, and left her address."""
    asked = {"channel": "counter", "category": "data", "outcome": "dijawab"}
    words = {"subject": f"Kunjungan {WORD}", "question": OF_HER, "answer": OF_HER}
    about = {"name": NAME, "institution": OF_HER, "phone": PHONE, "email": EMAIL}
    when = {"asked_at": "2026-03-10T08:30", "key": "k-kunjungan"}
    sent(budi, "/petugas/catat", {**asked, **words, **about, **when})


def write_article(budi: Browser) -> None:
    """Start an article with her name in it, not published yet."""
    about = {"topic": "data", "answer": "available", "source": OF_HER}
    words = {"title": f"Pertanyaan {NAME}", "body": OF_HER, "tags": NAME}
    key = {"base": "0", "consultation": NUMBER}
    sent(budi, "/petugas/artikel", {**about, **words, **key})


def rate(andi: Browser) -> str:
    """Rate it low, and fill in the questionnaire; return the mailed link."""
    stranger = Browser(andi.app)
    link = link_in(andi, NUMBER, "/nilai/")
    sent(stranger, link, {"score": "1", "comment": f"Kecewa, {OF_HER}"})
    form = stranger.get(f"{link}/survei").text
    elements = set(re.findall(r'name="(u\d)"', form))
    sent(stranger, f"{link}/survei", dict.fromkeys(elements, "3"))
    return link


def follow_up(budi: Browser, andi: Browser) -> str:
    """Write to her, have her answer, begin another mail, close it; return her link."""
    board = budi.get("/petugas/tindak-lanjut").text
    path = re.findall(r'href="(/petugas/tindak-lanjut/TL-[^"/]+)"', board)[0]
    if f'action="{path}/pengambilan"' in budi.get(path).text:
        sent(budi, f"{path}/pengambilan")
    sent(budi, f"{path}/email", {"body": f"Mohon maaf, {OF_HER}"})
    preview = budi.get(f"{path}/email/pratinjau").text
    sent(budi, f"{path}/pengiriman", {"key": hidden(preview, "key")})
    link = link_in(andi, "Mohon maaf", "/tindak-lanjut/")
    sent(Browser(andi.app), link, {"body": f"Tanggapan {OF_HER}"})
    sent(budi, f"{path}/email", {"body": f"Balasan {OF_HER}", "press": "simpan"})
    sent(budi, f"{path}/penutupan", {"resolution": f"Selesai dengan {OF_HER}"})
    return link


def report(budi: Browser) -> None:
    """Begin the report of March; quote her in it."""
    draft = sent(budi, "/petugas/laporan", {"period": "2026-03"})
    quoting = budi.get(f"{draft}/umpan-balik").text
    data = {
        "comments-0-rating": hidden(quoting, "comments-0-rating"),
        "comments-0-theme": "other",
        "comments-0-is_quoted": "y",
        "comments-0-quote": f"Kutipan {OF_HER}",
    }
    sent(budi, f"{draft}/umpan-balik", data)


def get_breached(andi: Browser) -> None:
    texts = ("what", "which_data", "how", "measures", "advice")
    breach = {name: "Berkas terkirim ke alamat salah." for name in texts}
    known = {"known_at": "2026-03-10T08:00", "concerned": f"{EMAIL}\ndewi@contoh.test"}
    path = sent(andi, "/admin/data-pribadi/insiden/baru", {**breach, **known})
    sent(andi, f"{path}/pemberitahuan")
