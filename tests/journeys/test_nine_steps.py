"""The nine steps of the service standard in one story, by HTTP only."""

import re

from tests.journeys.conftest import Browser, hidden
from tests.journeys.mailbox import link_in
from tests.steps import NEW, TUTI, log_in

SUBJECT = "Jumlah penduduk Kecamatan Wanadadi"
ANSWER = "Lihat publikasi Kecamatan Wanadadi Dalam Angka."
QUESTION = "Di mana jumlah penduduk Wanadadi menurut umur?"


def test_from_registration_to_the_approved_report(visitor, budi, rina, hasan, andi, at):
    tuti = visitor
    register(tuti, andi)
    number = search_and_ask(tuti)
    converse(tuti, budi, number)
    close(tuti, budi, number)
    learn(budi, rina, number)
    rate(andi, number)
    follow_up(budi, andi)
    at("2026-04-01 09:00+07:00")
    report(budi.log_in("budi"), hasan.log_in("hasan"), andi.log_in("andi"))


def sent(browser: Browser, path: str, data: dict[str, str] | None = None) -> str:
    """Send a form; it must be taken. Tell where the browser is sent on to."""
    answer = browser.post(path, data)
    assert answer.status_code == 303, f"{path}: {answer.status_code} {answer.text}"
    return answer.location


def register(tuti: Browser, andi: Browser) -> None:
    """Requirements 1 and 2, and step 1."""
    sent(tuti, "/daftar", TUTI)
    sent(tuti, link_in(andi, "Terima kasih telah mendaftar", "/verifikasi/"))
    assert log_in(tuti, TUTI["email"], NEW).location == "/konsultasi"


def search_and_ask(tuti: Browser) -> str:
    """Steps 2 and 3 a: nothing is found, so a consultation is opened."""
    found = tuti.get("/cari", query_string={"q": SUBJECT}).text
    assert "Ajukan konsultasi" in found
    page = tuti.get("/konsultasi/baru", query_string={"jenis": "data"}).text
    mine = sent(
        tuti,
        "/konsultasi/baru?jenis=data",
        {
            "key": hidden(page, "key"),
            "subject": SUBJECT,
            "description": "Menurut umur.",
            "area": "Kecamatan Wanadadi",
            "years": "2020–2025",
        },
    )
    assert "ke-1" in tuti.get(mine).text
    return mine.rsplit("/", 1)[1]


def converse(tuti: Browser, budi: Browser, number: str) -> None:
    """Steps 3 b to d: both ways, and the information asked for."""
    mine, desk = f"/konsultasi/{number}", f"/petugas/konsultasi/{number}"
    assert SUBJECT in budi.get("/petugas").text
    sent(budi, f"{desk}/pengambilan")
    sent(budi, f"{desk}/pesan", {"body": "Kelompok umur lima tahunan?"})
    assert "Kelompok umur lima tahunan?" in tuti.get(mine).text
    sent(tuti, f"{mine}/pesan", {"body": "Ya, lima tahunan."})
    assert "Ya, lima tahunan." in budi.get(desk).text
    sent(budi, f"{desk}/pesan", {"body": ANSWER})
    assert ANSWER in tuti.get(mine).text


def close(tuti: Browser, budi: Browser, number: str) -> None:
    """Step 4."""
    sent(budi, f"/petugas/konsultasi/{number}/penutupan")
    assert "Nilai pelayanan kami" in tuti.get(f"/konsultasi/{number}").text


def learn(budi: Browser, rina: Browser, number: str) -> None:
    """Step 5: the final answer becomes an article that is found."""
    desk = f"/petugas/konsultasi/{number}"
    marks = re.findall(r'value="(final \d+)"', budi.get(desk).text)
    sent(budi, f"{desk}/tanda", {"mark": marks[-1]})
    page = budi.get("/petugas/artikel/baru", query_string={"konsultasi": number}).text
    assert ANSWER in page
    draft = {"title": QUESTION, "body": ANSWER, "topic": "data", "answer": "available"}
    article = sent(
        budi, "/petugas/artikel", {**draft, "base": "0", "consultation": number}
    )
    sent(budi, f"{article}/tinjauan")
    sent(rina, f"{article}/penerbitan")
    assert QUESTION in rina.get("/cari", query_string={"q": "penduduk wanadadi"}).text


def rate(andi: Browser, number: str) -> None:
    """Step 6, from the link in the mail and without logging in."""
    stranger = Browser(andi.app)
    link = link_in(andi, number, "/nilai/")
    sent(stranger, link, {"score": "2", "comment": "Jawabannya belum rinci."})
    assert "Penilaian Anda" in stranger.get(link).text


def follow_up(budi: Browser, andi: Browser) -> None:
    """Step 7: a mail to the user, and what was done."""
    assert link_in(andi, "Terima kasih atas penilaian dan masukan", "/tindak-lanjut/")
    board = budi.get("/petugas/tindak-lanjut").text
    match = re.search(r'href="(/petugas/tindak-lanjut/TL-[^"/]+)"', board)
    assert match
    path = match[1]
    if f'action="{path}/pengambilan"' in budi.get(path).text:
        sent(budi, f"{path}/pengambilan")
    sent(budi, f"{path}/email", {"body": "Tabel rinci kami lampirkan."})
    preview = budi.get(f"{path}/email/pratinjau").text
    sent(budi, f"{path}/pengiriman", {"key": hidden(preview, "key")})
    assert link_in(andi, "Tabel rinci kami lampirkan.", "/tindak-lanjut/")
    sent(budi, f"{path}/penutupan", {"resolution": "Tabel rinci dikirim."})
    assert "Tabel rinci dikirim." in budi.get(path).text


def report(budi: Browser, hasan: Browser, andi: Browser) -> None:
    """Steps 8 and 9: the analysis of March, sent to the head, and approved."""
    draft = sent(budi, "/petugas/laporan", {"period": "2026-03"})
    words = {"summary": "Satu konsultasi, dinilai 2.", "conclusion": "Lebih rinci."}
    sent(budi, f"{draft}/isian", words)
    preview = budi.get(f"{draft}/pratinjau").text
    sent(budi, f"{draft}/pengiriman", {"seen": hidden(preview, "seen")})
    link = link_in(andi, "Maret 2026", "/ketua/laporan/")
    assert "Satu konsultasi, dinilai 2." in hasan.get(link).text
    sent(hasan, f"{link}/persetujuan")
    assert "Disetujui" in budi.get(draft).text
