"""The manuals on the server: whole, for whom they are, and light on a slow phone."""

import re
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from pst import lamps
from pst.admin.health.looks import LOOKS
from pst.config import ROOT
from pst.public_pages.manuals import ADMIN, FOLDER, place
from tests.journeys.conftest import Browser

PICTURE = re.compile(r"<img [^>]*>")
MENTIONED = re.compile(r"!\[[^\]]+\]\((gambar/[\w-]+\.webp)\)")
LEAD = re.compile(r"admin_manual\(\"([^\"]+)\"\)")
READERS = {"/panduan": "siti", "/panduan/petugas": "budi", "/panduan/admin": "andi"}
PARTS = [f"/panduan/admin/{name}" for name in ADMIN]
MANUALS = sorted(FOLDER.glob("*.md"))
MAX_BYTES = 45_000


@pytest.mark.parametrize("path", [*READERS, *PARTS])
def test_every_manual_is_read_with_its_pictures(app: Flask, path: str):
    page = Browser(app).log_in(READERS.get(path, "andi")).get(path).text

    pictures = [p for p in PICTURE.findall(page) if "webp" in p]
    assert len(pictures) >= (5 if path in ("/panduan", "/panduan/petugas") else 0)
    for picture in pictures:
        assert 'loading="lazy"' in picture
        assert re.search(r'width="\d+" height="\d+"', picture)
        assert re.search(r'alt="[^"]{5,}"', picture)
    assert "gambar/" not in page, "every picture was found"
    assert ".md" not in page, "every link leads to a page"


def test_a_visitor_reads_the_manual_for_users(app: Flask):
    visitor = Browser(app)

    page = visitor.get("/panduan").text
    assert "<h1>Panduan Pengguna</h1>" in page
    assert 'href="#cari-dahulu"' in page and 'id="cari-dahulu"' in page
    assert 'href="/panduan"' in visitor.get("/").text, "the footer leads there"
    source = re.search(r'src="(/static/beranda\.[0-9a-f]{12}\.webp)"', page)
    assert source
    picture = visitor.get(source[1])
    assert picture.mimetype == "image/webp"
    assert "immutable" in picture.headers["Cache-Control"]


def test_the_footer_leads_staff_to_their_own_manual(app: Flask):
    for path, name in READERS.items():
        footer = Browser(app).log_in(name).get("/privasi").text.partition("<footer")[2]
        assert f'href="{path}"' in footer


def test_what_is_wrong_leads_to_what_to_do(app: Flask):
    andi = Browser(app).log_in("andi")
    system = andi.get("/admin/sistem").text
    leads = re.findall(r'href="(/panduan/admin/[a-z-]+)#([^"]+)"', system)

    assert leads, "without Redis something is always wrong"
    for path, lead in leads:
        assert f'id="{lead}"' in andi.get(path).text


def test_the_index_has_every_section_where_it_was(app: Flask):
    index = Browser(app).log_in("andi").get("/panduan/admin").text

    for path, heading in headings():
        link = f'<li id="{place(heading)}"><a href="{path}#{place(heading)}">'
        assert link in index, heading


def headings(level: str = "##+") -> list[tuple[str, str]]:
    """List the headings of the admins' manual, each with the address of its part."""
    return [
        (f"/panduan/admin/{name}", heading)
        for name in ADMIN
        for heading in re.findall(
            rf"(?m)^{level} (.*)$", (FOLDER / f"admin-{name}.md").read_text()
        )
    ]


def test_every_light_of_the_system_screen_has_its_section(app: Flask):
    with app.test_request_context():
        words = app.jinja_env.get_template("admin/_check_names.html").module
        names = [str(words.check_name(name)) for name in [*LOOKS, *lamps.registered()]]  # type: ignore[attr-defined]

    assert sorted(names) == sorted(heading for _, heading in headings("###"))


@pytest.mark.parametrize("manual", MANUALS, ids=lambda path: path.stem)
def test_every_picture_is_there_and_small(manual: Path):
    text = manual.read_text()
    assert text.count("![") == len(MENTIONED.findall(text))
    for name in MENTIONED.findall(text):
        assert (FOLDER / name).stat().st_size <= MAX_BYTES, name
        with Image.open(FOLDER / name) as picture:
            assert picture.width <= 1600


def test_no_picture_is_left_over():
    mentioned = {n for m in MANUALS for n in MENTIONED.findall(m.read_text())}

    assert {f"gambar/{path.name}" for path in FOLDER.glob("gambar/*")} == mentioned


def test_every_picture_is_made_by_the_script():
    script = (ROOT / "bin" / "_pictures.py").read_text()

    for path in FOLDER.glob("gambar/*"):
        assert f'"{path.stem}"' in script, path.name


def test_our_pages_lead_to_sections_that_are_there():
    pages = (ROOT / "pst" / "templates").rglob("*.html")
    leads = {lead for page in pages for lead in LEAD.findall(page.read_text())}

    assert leads
    assert leads <= {heading for _, heading in headings()}


def test_a_place_is_named_as_code_hosts_name_it():
    assert place("Email gagal") == "email-gagal"
    assert place("Bila ada apa?") == "bila-ada-apa"
