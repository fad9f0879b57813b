"""Photograph the real screens for the manuals; called by `bin/pictures`.

The clock, the people and what they do are the same each time, so that making the
pictures again changes only those whose screens have changed.
"""

import io
import logging
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from bin import _story as story
from pst import create_app
from pst.config import load
from tests.browser.conftest import FLAGS, PATIENCE_S, Person
from tests.post_office import PostOffice, link_in
from tests.processes import ROOT, Service

FOLDER = ROOT / "docs" / "panduan" / "gambar"
MAX_BYTES = 40_000
# Width and height on the screen, and how many dots one of ours has.
SIZES = {"phone": (360, 700, 2.0), "desk": (1024, 1000, 1.5)}
SUBJECT = "Jumlah penduduk Kecamatan Wanadadi"

# Nothing blinks, no one has scrolled, what tells the real second is gone, what stays in
# view on a screen covers nothing; dates are written as browsers in Indonesia do.
TIDY = """() => {
  document.querySelectorAll("#composer").forEach(it => it.style.position = "static");
  document.querySelectorAll("[data-jump]").forEach(it => it.hidden = true);
  document.activeElement?.blur(); window.scrollTo(0, 0);
  document.querySelectorAll(".status").forEach(it => it.hidden = true);
  for (const it of document.querySelectorAll("input[type=date]")) {
    it.type = "text"; it.placeholder = "dd/mm/yyyy";
  }
}"""

# How much disk is free, is this machine's affair.
SAME_DISK = """() => document.querySelectorAll("td").forEach(it => {
  if (it.textContent.includes("GB tersisa")) it.textContent = "40,0 GB tersisa";
})"""


class Studio:
    """The service, a browser, and the pictures that are wanted (none named: all)."""

    def __init__(
        self, service: Service, post: PostOffice, chromium: Browser, names: list[str]
    ) -> None:
        self.service, self.post, self.chromium = service, post, chromium
        self.wanted = set(names)

    def seat(self, name: str = "", size: str = "desk") -> Person:
        """Give a person a screen; `name` is who signs in."""
        width, height, scale = SIZES[size]
        context = self.chromium.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=scale,
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_S * 1000)
        person = Person(context.new_page(), self.service.url, has_script=True)
        return person.log_in(name) if name else person

    def shoot(
        self, who: Person, name: str, part: str = "main", most: int = 660
    ) -> None:
        """Take `part` of the screen, at most so many lines of it high."""
        if self.wanted and name not in self.wanted:
            return
        page = who.page
        page.wait_for_load_state("networkidle")
        page.evaluate(TIDY)
        box = page.locator(part).first.bounding_box()
        assert box, f"{name}: nothing to see at {part}"
        width = page.viewport_size["width"]  # type: ignore[index]
        x = 0 if box["width"] > 0.8 * width else max(0, box["x"] - 8)
        clip = {
            "x": x,
            "y": max(0, box["y"] - 8),
            "width": min(width - x, box["width"] + 16) if x else width,
            "height": min(most, box["height"] + 16),
        }
        # Whole dots at every scale: half of one would blur from time to time.
        clip = {name: int(length // 2 * 2) for name, length in clip.items()}
        raw = page.screenshot(full_page=True, clip=clip, animations="disabled")  # type: ignore[arg-type]
        keep(name, raw)


def keep(name: str, raw: bytes) -> None:
    """Write a picture with as many colours as fit into the bytes it may have."""
    path = FOLDER / f"{name}.webp"
    image = Image.open(io.BytesIO(raw)).convert("RGB")
    for colours in (64, 32, 16):
        few = image.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=0)
        file = io.BytesIO()
        few.convert("RGB").save(file, "WEBP", lossless=True, quality=90, method=4)
        if file.tell() <= MAX_BYTES:
            break
    is_new = not path.exists() or path.read_bytes() != file.getvalue()
    path.write_bytes(file.getvalue())
    say = f"{image.width} × {image.height}, {file.tell()} bytes"
    print(f"{name}: {say if is_new else 'as before'}", flush=True)


@contextmanager
def studio(names: list[str]) -> Iterator[tuple[Studio, Flask]]:
    """Start everything in a scratch folder, and leave nothing behind."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        sys.exit("No chromium: apt-get install chromium")
    with (
        tempfile.TemporaryDirectory(prefix="pst-") as folder,
        PostOffice() as post,
        sync_playwright() as playwright,
    ):
        service = Service(Path(folder), Path(folder), post.url)
        service.at("2026-02-02 08:00+07:00")
        service.flask("prepare")
        app = create_app(load(service.env))
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield Studio(service, post, browser, names), app
        finally:
            service.stop()
            browser.close()


def main(names: list[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with studio(names) as (room, app):
        at = room.service.at
        room.service.start("redis")
        with app.app_context():
            story.february(at)
            story.monday(at)
        at("2026-03-02 08:00+07:00")
        room.service.start("web", "worker", "scheduler")
        number = users_morning(room)
        officers_day(room, number)
        with app.app_context():
            story.closing(number, at)
        afterwards(room)
        admins_day(room, app)


def users_morning(room: Studio) -> str:
    """What a user sees, until an officer has answered."""
    room.service.at("2026-03-02 08:10+07:00")
    visitor = room.seat(size="phone").visit("/")
    room.shoot(visitor, "beranda", "body", most=640)
    visitor.visit("/cari?q=garis+kemiskinan")
    room.shoot(visitor, "cari", most=600)
    siti = room.seat("siti", "phone").visit("/konsultasi/baru")
    room.shoot(siti, "jenis")
    siti.visit("/konsultasi/baru?jenis=data")
    siti.fill("Subjek", SUBJECT)
    siti.fill("Wilayah", "Kecamatan Wanadadi")
    siti.fill("Tahun", "2020–2025")
    siti.fill("Uraian", story.ASK)
    siti.sees("Mungkin sudah terjawab")
    room.shoot(siti, "ajukan", most=760)
    siti.press("Ajukan konsultasi")
    siti.sees_title(SUBJECT)
    number = siti.page.url.rsplit("/", 1)[-1]
    budi = room.seat("budi")
    room.service.at("2026-03-02 08:40+07:00")
    budi.visit("/petugas")
    room.shoot(budi, "meja-kerja")
    budi.follow("Catat konsultasi")
    room.shoot(budi, "catat", most=760)
    budi.visit(f"/petugas/konsultasi/{number}")
    budi.press("Ambil")
    budi.fill("Pesan", story.ANSWER)
    budi.send("Pengguna")
    budi.sees("Terkirim pukul")
    room.service.at("2026-03-02 08:50+07:00")
    siti.visit(f"/konsultasi/{number}")
    siti.fill("Pesan", "Ya, mohon juga tahun 2020 sampai 2024.")
    siti.press("Kirim")
    siti.sees("Terkirim pukul")
    room.shoot(siti, "percakapan", most=900)
    siti.visit("/akun/data")
    room.shoot(siti, "data-pribadi")
    return number


def officers_day(room: Studio, number: str) -> None:
    """The conversation with its tools, canned answers, an article, the roster."""
    budi = room.seat("budi")
    room.service.at("2026-03-02 09:00+07:00")
    budi.visit(f"/petugas/konsultasi/{number}")
    room.shoot(budi, "percakapan-petugas", most=800)
    budi.open("Minta kejelasan")
    room.shoot(budi, "minta-kejelasan", 'details:has(> summary:text("kejelasan"))')
    message = budi.page.get_by_role("listitem").filter(has_text="Dalam Angka 2025")
    message.locator(".marks summary").click()
    message.get_by_role("button", name="Jawaban final", exact=True).click()
    budi.visit("/petugas/templat")
    room.shoot(budi, "templat", most=420)
    budi.visit(f"/petugas/konsultasi/{number}")
    budi.follow("Buat artikel")
    room.shoot(budi, "artikel", most=760)


def afterwards(room: Studio) -> None:
    """The rating, its follow-up, and the report of February."""
    reader = room.seat(size="phone")
    mail = room.post.wait_for("siti@contoh.test", "penilaian")
    room.service.at("2026-03-02 13:40+07:00")
    reader.visit(link_in(mail, "/nilai/"))
    reader.tick("2 Tidak puas")
    room.shoot(reader, "penilaian")
    reader.fill("Apa yang sudah baik", "Tabelnya sulit dibaca di ponsel.")
    reader.press("Kirim penilaian")
    reader.sees("Penilaian Anda tersimpan")
    budi = room.seat("budi")
    budi.visit("/petugas/tindak-lanjut")
    room.shoot(budi, "tindak-lanjut", most=520)
    budi.follow(SUBJECT)
    budi.press("Ambil")
    budi.follow("Tulis email tindak lanjut")
    budi.choose("Templat", "Jawaban kurang lengkap")
    budi.press("Sisipkan templat")
    budi.sees("[tulis keterangan]")
    room.shoot(budi, "tulis-tindak-lanjut")
    room.service.flask("jobs", "run", "draft_monthly")
    room.service.at("2026-03-02 14:00+07:00")
    budi.visit("/petugas/laporan")
    budi.follow("Februari 2026")
    if budi.shows("button", "Ambil"):
        budi.press("Ambil")
    budi.fill("Ringkasan", "Dua belas konsultasi, semua dijawab tepat waktu.")
    budi.fill("Temuan", "Jawaban disampaikan jelas; satu pengguna menunggu lama.")
    budi.press("Simpan draf")
    budi.sees("Tersimpan pukul")
    room.shoot(budi, "laporan", most=760)
    budi.press("Pratinjau dan kirim")
    budi.press("Kirim ke Ketua Tim")
    mail = room.post.wait_for("hasan@contoh.test", "laporan")
    hasan = room.seat().visit(link_in(mail, "/ketua/laporan/"))
    hasan.log_in_here("hasan")
    room.shoot(hasan, "laporan-ketua", most=760)


def admins_day(room: Studio, app: Flask) -> None:
    """The screens of the IT person, the first visit, and red lights."""
    room.service.flask("backup", "create")
    room.service.at("2026-03-02 15:00+07:00")
    andi = room.seat("andi")
    for path, name in (
        *(("pengguna", "pengguna"), ("kalender", "kalender")),
        ("surel", "kotak-keluar"),
    ):
        andi.visit(f"/admin/{path}")
        room.shoot(andi, name, most=560)
    with app.app_context():
        story.first_visit()
    andi.visit("/admin/persiapan")
    room.shoot(andi, "persiapan", most=760)
    andi.visit("/admin/persiapan/surel")
    andi.press("Kirim email uji")
    andi.sees("Server email menerimanya")
    room.shoot(andi, "persiapan-email", most=560)
    with app.app_context():
        story.opened()
    room.service.kill("worker")
    room.service.kill("scheduler")
    room.service.kill("redis")
    andi.visit("/admin/sistem")
    andi.page.evaluate(SAME_DISK)
    room.shoot(andi, "sistem", most=900)


if __name__ == "__main__":
    for chatty in ("mail.log", "pst.background"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    main(sys.argv[1:])
