"""What search engines, feed readers and link previews read."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from xml.etree import ElementTree

import pytest
from flask import Flask

from pst.catalogue.entries import ItemEntry
from pst.catalogue.models import CatalogueItem
from pst.catalogue.states import ItemKind, Origin
from pst.database import db, transaction
from pst.knowledge.exchange import entries, importing
from pst.knowledge.models import Article
from pst.knowledge.previews.link_previews import FOLDER, draw_link_previews
from pst.office import settings
from pst.uploads.file_store import files
from tests.journeys.conftest import Browser
from tests.starter_articles import STARTER

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"
PNG_START = b"\x89PNG"


@pytest.fixture
def reader(app: Flask, at: object) -> Browser:
    with app.app_context(), transaction():
        importing.load(entries.read(json.loads(STARTER.read_text())))
    return Browser(app)


def published(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(db.select(Article.slug)))


def locations(reader: Browser, path: str) -> list[str]:
    root = ElementTree.fromstring(reader.get(path).data)
    return [each.text or "" for each in root.iter(f"{SITEMAP}loc")]


def path_of(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def test_the_sitemap_leads_to_every_public_page_and_article(reader: Browser):
    parts = locations(reader, "/sitemap.xml")
    addresses = [each for part in parts for each in locations(reader, path_of(part))]

    assert len(addresses) == len(set(addresses))
    slugs = published(reader.app)
    assert len(slugs) > 50
    assert {f"/artikel/{slug}" for slug in slugs} < set(map(path_of, addresses))
    for address in addresses[:20]:
        assert reader.get(path_of(address)).status_code == 200, address


def test_a_part_of_the_sitemap_that_is_not_there_is_missing(reader: Browser):
    for part in ("artikel-9", "artikel-0", f"artikel-{10**18}", "konsultasi-1"):
        assert reader.get(f"/sitemap-{part}.xml").status_code == 404


def test_robots_are_kept_from_what_is_personal_and_shown_the_sitemap(reader: Browser):
    text = reader.get("/robots.txt").text

    for path in ("/konsultasi", "/petugas", "/nilai", "/admin"):
        assert f"Disallow: {path}\n" in text
    sitemap = re.search(r"Sitemap: (\S+)", text)
    assert sitemap and reader.get(path_of(sitemap[1])).status_code == 200


def test_a_finder_of_a_hole_learns_where_to_report_it(reader: Browser):
    with reader.app.app_context(), transaction():
        settings.change({"email": "ti@contoh.test"})
    text = reader.get("/.well-known/security.txt").text

    assert "Contact: mailto:ti@contoh.test\n" in text
    expires = re.search(r"Expires: (\S+)", text)
    assert expires and datetime.fromisoformat(expires[1]).tzinfo

    with reader.app.app_context(), transaction():
        settings.change({"email": ""})
    assert reader.get("/.well-known/security.txt").status_code == 404


def test_the_feed_has_the_newest_articles_first(reader: Browser):
    answer = reader.get("/umpan.xml")
    root = ElementTree.fromstring(answer.data)
    entries = root.findall(f"{ATOM}entry")

    assert answer.content_type.startswith("application/atom+xml")
    assert len(entries) == 30
    updated = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert updated == sorted(updated, reverse=True)
    for entry in entries[:3]:
        address = entry.findtext(f"{ATOM}id") or ""
        title = entry.findtext(f"{ATOM}title") or ""
        assert title in reader.get(path_of(address)).text.replace("&#34;", '"')


def test_an_article_says_what_it_is_to_who_links_to_it(reader: Browser):
    page = reader.get("/artikel/" + published(reader.app)[0]).text

    canonical = re.search(r'rel="canonical" href="([^"]+)"', page)
    assert canonical and path_of(canonical[1]) == "/artikel/" + published(reader.app)[0]
    about = re.search(r'name="description" content="([^"]+)"', page)
    assert about and 40 < len(about[1]) <= 200 and "**" not in about[1]
    for part in ("QAPage", "Question", "Answer"):
        assert f"https://schema.org/{part}" in page
    assert 'itemprop="text"' in page


def test_what_bps_publishes_is_found_and_invented_items_are_not(
    reader: Browser, at: Callable[[str], None]
):
    at("2026-03-03 09:00+07:00")
    real = entry("1", "Penduduk menurut kecamatan 2025")
    with reader.app.app_context(), transaction():
        item = CatalogueItem.add("3304/table", Origin.WEBAPI, real)
        invented = CatalogueItem.add("demo", Origin.DEMO, entry("2", "Padi karangan"))
        db.session.flush()
        id, other = item.id, invented.id

    assert path_of(locations(reader, "/sitemap-tabel-1.xml")[0]) == f"/tabel/{id}"
    assert len(locations(reader, "/sitemap-tabel-1.xml")) == 1
    feed = reader.get("/umpan.xml").text
    assert "Penduduk menurut kecamatan" in feed and "Padi karangan" not in feed
    page = reader.get(f"/tabel/{id}").text
    assert "https://schema.org/Dataset" in page and 'rel="canonical"' in page
    page = reader.get(f"/tabel/{other}").text
    assert "https://schema.org/Dataset" not in page and "noindex" in page


def test_only_an_article_on_metadata_defines_a_term(reader: Browser):
    with reader.app.app_context():
        topics = {
            a.slug: a.latest.topic for a in db.session.scalars(db.select(Article))
        }
    metadata = next(slug for slug, topic in topics.items() if topic == "metadata")
    data = next(slug for slug, topic in topics.items() if topic == "data")

    assert "DefinedTerm" in reader.get(f"/artikel/{metadata}").text
    assert "DefinedTerm" not in reader.get(f"/artikel/{data}").text


def test_a_withdrawn_article_is_gone_and_names_its_replacement(reader: Browser):
    first, second, third = published(reader.app)[:3]
    budi = Browser(reader.app).log_in("budi")
    page = budi.get(f"/petugas/artikel/{id_of(reader.app, first)}").text
    base = re.search(r'name="base"[^>]*value="(\d+)"', page)
    assert base and "Digantikan oleh" in page

    wrong = archive(budi, first, "/artikel/tidak-ada")
    assert wrong.status_code == 409 and "tidak ditemukan" in wrong.text
    assert archive(budi, first, f"http://localhost/artikel/{second}").status_code == 303
    answer = reader.get(f"/artikel/{first}")
    assert answer.status_code == 410
    assert f'href="/artikel/{second}"' in answer.text

    assert archive(budi, third, "").status_code == 303
    answer = reader.get(f"/artikel/{third}")
    assert answer.status_code == 410 and "Penggantinya" not in answer.text
    assert first not in str(locations(reader, "/sitemap-artikel-1.xml"))
    assert "umpan" in answer.text and first not in reader.get("/umpan.xml").text


def test_a_draft_that_was_never_published_is_no_ones_business(reader: Browser):
    slug = published(reader.app)[0]
    with reader.app.app_context(), transaction():
        article = db.session.scalar(db.select(Article).filter_by(slug=slug))
        article.published_at = article.published_number = None
        article.state = "archived"

    assert reader.get(f"/artikel/{slug}").status_code == 404


def test_a_run_draws_few_previews_and_the_next_goes_on(
    reader: Browser, monkeypatch: pytest.MonkeyPatch
):
    """Mails wait behind a run, also on the day when none is drawn yet."""
    monkeypatch.setattr("pst.knowledge.previews.link_previews.MAX_DRAWN", 2)
    with reader.app.app_context():
        for article in list(db.session.scalars(db.select(Article)))[3:]:
            article.archive(None)
        db.session.commit()

        draw_link_previews()
        assert len(list(files().every(FOLDER))) == 2

        draw_link_previews()
        assert len(list(files().every(FOLDER))) == 4


def test_previews_are_drawn_once_and_removed_with_their_article(reader: Browser):
    with reader.app.app_context():
        for article in list(db.session.scalars(db.select(Article)))[3:]:
            article.archive(None)
        db.session.commit()
        draw_link_previews()
        previews = set(files().every(FOLDER))
        assert len(previews) == 4

        draw_link_previews()
        assert previews == set(files().every(FOLDER))
        first = db.session.scalars(
            db.select(Article).where(Article.published_number.is_not(None))
        ).first()
        slug = first.slug

    page = reader.get(f"/artikel/{slug}").text
    address = re.search(r'property="og:image" content="([^"]+)"', page)
    answer = reader.get(path_of(address[1]))
    assert answer.data.startswith(PNG_START) and len(answer.data) < 200_000

    with reader.app.app_context():
        db.session.scalar(db.select(Article).filter_by(slug=slug)).archive(None)
        db.session.commit()
        draw_link_previews()
    assert reader.get(path_of(address[1])).status_code == 404


@pytest.mark.parametrize(
    "name", ["..%2fpst", "x/../../secret", "1-1.part", "ü-1", "1" * 300]
)
def test_nothing_else_is_sent_as_a_preview(reader: Browser, name: str):
    assert reader.get(f"/pratinjau/{name}.png").status_code == 404


def times() -> dict[str, int]:
    """When each picture was drawn."""
    return set(files().every(FOLDER))


def entry(source_id: str, title: str) -> ItemEntry:
    return ItemEntry(source_id=source_id, kind=ItemKind.TABLE, title=title)


def id_of(app: Flask, slug: str) -> int:
    with app.app_context():
        return db.session.scalar(db.select(Article.id).filter_by(slug=slug))


def archive(budi: Browser, slug: str, replacement: str):
    id = id_of(budi.app, slug)
    return budi.post(f"/petugas/artikel/{id}/arsip", {"replacement": replacement})
