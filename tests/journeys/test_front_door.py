"""The first page, and a search that asks the service about itself."""

import json
import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from pst.database import db, transaction
from pst.demo import catalogue
from pst.knowledge.exchange import entries, importing
from pst.knowledge.models import Article
from pst.knowledge.searches.search_log import SearchLog, SearchPlace
from pst.office import settings
from tests.journeys.conftest import Browser
from tests.starter_articles import STARTER

TAG = re.compile(r"<[^>]+>")
FREQUENT = re.compile(r'<li>\s*<a href="/artikel/([a-z0-9-]+)">')
SUMMARY = re.compile(r'role="alert".*?</ul>', re.S)


@pytest.fixture
def articles(app: Flask) -> None:
    with app.app_context(), transaction():
        importing.load(entries.read(json.loads(STARTER.read_text())))


def asked(visitor: Browser) -> list[str]:
    home = visitor.get("/").text
    return FREQUENT.findall(home[home.index("Sering ditanyakan") :])


def test_the_first_page_says_what_it_is_and_leads_on(visitor: Browser, at: Callable):
    at("2026-03-02 09:00+07:00")
    home = visitor.get("/").text

    title = "Tanya jawab gratis dengan petugas BPS tentang data dan statistik resmi"
    assert f"<h1>{title}</h1>" in home
    assert '<a class="btn ask" href="/konsultasi/baru">Ajukan konsultasi</a>' in home
    assert "08.00–15.30" in home and "sedang buka" in home
    assert "3 hari kerja" in home and "Gratis" in home
    assert "Sering ditanyakan" not in home, "nothing is published yet"


def test_three_articles_stand_on_the_first_page_those_opened_most_first(
    app: Flask, visitor: Browser, articles: None
):
    with app.app_context(), transaction():
        article = db.session.scalar(sa.select(Article).filter_by(slug="ipm-kabupaten"))
        assert article is not None
        SearchLog.keep("a" * 12, "ipm", 3, SearchPlace.PAGE)
        db.session.flush()
        SearchLog.click("a" * 12, article.id)

    consultation = asked(visitor)

    assert len(consultation) == 3
    assert consultation[0] == "ipm-kabupaten"


def test_the_office_chooses_what_stands_on_the_first_page(
    app: Flask, visitor: Browser, articles: None
):
    with app.app_context(), transaction():
        settings.change({"home_articles": "no-such-one, beda-adhb-adhk"})

    assert asked(visitor)[0] == "beda-adhb-adhk"
    assert len(asked(visitor)) == 3


def test_the_office_chooses_figures_for_the_first_page(app: Flask, visitor: Browser):
    assert "Angka terbaru" not in visitor.get("/").text

    with app.app_context():
        catalogue.load()  # which chooses six of its own
    page = " ".join(TAG.sub(" ", visitor.get("/").text).split())
    assert page.count("data contoh") == 6
    assert "Indeks Pembangunan Manusia (IPM)" in page
    assert "Kabupaten Contoh, 2025" in page

    with app.app_context(), transaction():
        first = settings.current().home_indicators.split(",")[0]
        settings.change({"home_indicators": f"x, {first}, 99999, {first}"})
    page = " ".join(TAG.sub(" ", visitor.get("/").text).split())
    assert page.count("data contoh") == 1
    assert "Jumlah Penduduk" in page


def test_a_search_for_the_hours_is_answered_for_today(
    visitor: Browser, at: Callable, articles: None
):
    at("2026-03-06 09:00+07:00")  # a Friday
    page = visitor.get("/cari?q=jam+buka+kantor").text
    assert re.search(r"<b>08.00–16.00</b> WIB,\s+sedang buka", page)
    assert page.index("08.00–16.00") < page.index('<ol class="list hits">')

    at("2026-03-07 09:00+07:00")
    assert "<b>Tutup</b> Buka lagi Senin" in visitor.get("/cari?q=jam+buka").text


def test_the_head_of_the_office_is_named_when_the_office_says_so(
    app: Flask, visitor: Browser, articles: None
):
    question = "/cari?q=siapa+kepala+bps+banjarnegara"
    assert "Kepala BPS" not in visitor.get(question).text

    with app.app_context(), transaction():
        settings.change({"head_name": "Ir. Sri Wahyuni"})

    assert "<b>Ir. Sri Wahyuni</b>" in visitor.get(question).text


def test_a_search_that_the_service_answers_is_no_gap(app: Flask, visitor: Browser):
    visitor.get("/cari?q=nomor+telepon+bps")

    with app.app_context():
        assert db.session.scalars(sa.select(SearchLog.found)).one() == 1


def test_where_data_are_stands_above_why_they_differ(visitor: Browser, articles: None):
    page = visitor.get("/cari?q=Jumlah+penduduk").text

    assert page.index("Di mana data jumlah") < page.index("berbeda dengan")


def test_nothing_found_leads_on_before_anything_else(visitor: Browser, articles: None):
    page = visitor.get("/cari?q=zzqqx+wwv").text

    assert "Belum ada jawaban yang cocok" in page
    assert 'href="/konsultasi/baru?subjek=zzqqx+wwv"' in page
    assert "chips" not in page and "<ol" not in page


def order_of_errors(page: str) -> list[str]:
    match = SUMMARY.search(page)
    assert match
    return re.findall(r'href="#([^"]+)"', match[0])


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (None, "/daftar"),
        *(
            ("siti", f"/konsultasi/baru?jenis={kind}")
            for kind in ("data", "metadata", "recommendation", "classification")
        ),
        ("budi", "/petugas/catat"),
        ("budi", "/petugas/artikel"),
    ],
)
def test_errors_are_listed_in_the_order_of_the_page(
    browser: Callable[[], Browser], name: str | None, path: str
):
    person = browser().log_in(name) if name else browser()
    page = person.post(path).text

    listed = order_of_errors(page)
    places = [page.index(f'id="{field}"') for field in listed]
    assert len(listed) > 1
    assert places == sorted(places), listed


def test_a_password_is_kept_when_another_field_was_wrong(visitor: Browser):
    form = {"name": "Tuti", "email": "tuti@", "password": "bulan merah di sawah"}
    answer = visitor.post("/daftar", form)

    assert answer.status_code == 422
    assert 'value="bulan merah di sawah"' in answer.text
    assert "no-store" in answer.headers["Cache-Control"]


def test_password_managers_know_what_each_field_is_for(
    visitor: Browser, siti: Browser, budi: Browser
):
    pages = [visitor.get(path).text for path in ("/masuk", "/daftar")]
    pages += [siti.get("/akun").text, budi.get("/akun").text]
    fields = [each for page in pages for each in re.findall(r"<input[^>]*>", page)]
    secret = [field for field in fields if 'type="password"' in field]

    assert secret
    for field in secret:
        assert re.search(r'autocomplete="(current|new)-password"', field), field
