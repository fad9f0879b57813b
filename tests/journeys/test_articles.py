"""From a conversation to an article that others find, by HTTP only."""

import re

import pytest
from flask import Flask

from pst.database import db, transaction
from pst.knowledge.models import Article
from tests.journeys.conftest import hidden
from tests.steps import ARTICLE, made, published


def test_a_published_article_is_found_at_once(budi, rina, visitor):
    page = made(budi)
    assert "curah hujan" not in visitor.get("/cari?q=hujan").text.split("<ol")[-1]

    budi.post(f"{page}/tinjauan")
    rina.post(f"{page}/penerbitan")

    found = visitor.get("/cari?q=curah+hujan").text
    assert "Bagaimana memperoleh data curah hujan?" in found
    assert "<mark>curah</mark>" in found
    shown = visitor.get("/artikel/bagaimana-memperoleh-data-curah-hujan").text
    assert "<strong>BMKG</strong>" in shown
    assert "Data ini ada pada instansi lain." in shown


def test_no_one_publishes_what_they_wrote(budi):
    page = made(budi)
    budi.post(f"{page}/tinjauan")

    assert budi.post(f"{page}/penerbitan").status_code == 409
    assert "Menunggu tinjauan petugas lain" in budi.get(page).text


def test_a_user_reaches_no_draft(budi, siti, visitor):
    page = made(budi)

    assert siti.get(page).status_code == 403
    assert (
        visitor.get("/artikel/bagaimana-memperoleh-data-curah-hujan").status_code == 404
    )


def test_marked_messages_become_an_article(siti, budi, rina, visitor):
    filed = siti.post(
        "/konsultasi/baru?jenis=data",
        {
            "subject": "Jumlah bendungan di kabupaten",
            "description": "Nama saya Siti Rahayu. Berapa bendungan yang ada?",
            "area": "Kabupaten Banjarnegara",
            "level": "kabupaten",
            "years": "2025",
            "period": "tahunan",
            "purpose": "penelitian",
            "key": "kunci-1",
        },
    )
    number = filed.location.split("?")[0].rsplit("/", 1)[1]
    desk = f"/petugas/konsultasi/{number}"
    budi.post(f"{desk}/pengambilan")
    budi.post(f"{desk}/pesan", {"body": "Ada tiga bendungan besar.", "key": "k2"})
    id = re.findall(r'id="message-(\d+)"', budi.get(desk).text)[-1]
    assert budi.post(f"{desk}/tanda", {"mark": f"final {id}"}).status_code == 303
    assert number in budi.get("/petugas/artikel/kebutuhan").text

    form = budi.get(f"/petugas/artikel/baru?konsultasi={number}").text
    assert "Ada tiga bendungan besar." in form
    page = made(
        budi,
        title="Berapa jumlah bendungan di kabupaten?",
        body="Ada tiga bendungan besar. Ditanyakan Siti Rahayu, 0812 3456 7890.",
        consultation=hidden(form, "consultation"),
    )
    budi.post(f"{page}/tinjauan")

    refused = rina.post(f"{page}/penerbitan")
    assert refused.status_code == 409
    assert "Siti Rahayu" in refused.text and "0812 3456 7890" in refused.text

    keys = re.findall(r'name="confirmed" value="(\w+)"', refused.text)
    assert len(keys) == 2
    assert rina.post(f"{page}/penerbitan", {"confirmed": keys}).status_code == 303
    assert "bendungan" in visitor.get("/cari?q=bendungan").text.split("<ol")[1]
    slug = "/artikel/berapa-jumlah-bendungan-di-kabupaten"
    assert number not in visitor.get(slug).text
    assert number in budi.get(slug).text


def test_two_officers_editing_at_once_lose_nothing(budi, rina):
    page = made(budi)
    rina.post(page, {**ARTICLE, "body": "Kalimat Rina.", "base": "1"})

    late = budi.post(page, {**ARTICLE, "body": "Kalimat Budi.", "base": "1"})

    assert late.status_code == 409
    assert "Kalimat Budi." in late.text and "Rina" in late.text
    base = hidden(late.text, "base")
    assert (
        budi.post(page, {**ARTICLE, "body": "Keduanya.", "base": base}).status_code
        == 303
    )
    assert "Kalimat Rina." in budi.get(f"{page}/versi/2").text


def test_an_old_version_is_compared_and_restored(budi):
    page = made(budi)
    budi.post(page, {**ARTICLE, "body": "Isi baru sama sekali.", "base": "1"})

    compared = budi.get(f"{page}/versi/2").text
    assert "<del>" in compared and "<ins>" in compared
    assert budi.post(f"{page}/versi/1/pemulihan").status_code == 303
    assert "dimiliki **BMKG**" in budi.get(page).text


def test_the_old_text_stays_public_while_a_new_one_is_written(budi, rina, visitor):
    page = published(budi, rina)
    budi.post(page, {**ARTICLE, "body": "Rancangan rahasia.", "base": "1"})

    answer = visitor.get("/artikel/bagaimana-memperoleh-data-curah-hujan")

    assert answer.status_code == 200
    assert "Rancangan rahasia" not in answer.text
    assert "<mark>" not in visitor.get("/cari?q=rancangan+rahasia").text


def test_an_archived_article_is_gone_and_a_merged_one_leads_on(budi, rina, visitor):
    one = published(budi, rina)
    two = published(budi, rina, title="Di mana data suhu udara?", body="Di BMKG.")
    id = two.rsplit("/", 1)[1]

    assert budi.post(f"{one}/penggabungan", {"article": id}).status_code == 303
    answer = visitor.get("/artikel/di-mana-data-suhu-udara")
    assert answer.status_code == 301
    assert answer.location.endswith("/artikel/bagaimana-memperoleh-data-curah-hujan")

    budi.post(f"{one}/arsip")
    gone = visitor.get("/artikel/bagaimana-memperoleh-data-curah-hujan")
    assert gone.status_code == 410
    assert "sudah ditarik" in gone.text
    assert "<ol" not in visitor.get("/cari?q=curah+hujan").text


def test_a_reader_says_why_an_article_does_not_help(budi, rina, visitor):
    page = published(budi, rina)
    slug = "/artikel/bagaimana-memperoleh-data-curah-hujan"
    key = hidden(visitor.get(slug).text, "key")

    answer = visitor.post(f"{slug}/suara", {"key": key, "helpful": "tidak"})
    form = visitor.get(answer.location).text
    assert "Apa yang kurang?" in form
    reason = {"key": key, "helpful": "tidak", "reason": "outdated", "comment": "Lama."}
    visitor.post(f"{slug}/suara", reason)
    visitor.post(f"{slug}/suara", reason)

    shown = budi.get(page).text
    assert "0 terbantu · 1 tidak" in shown
    assert "Sudah tidak berlaku: Lama." in shown
    assert "1 × tidak membantu" in budi.get("/petugas/artikel/kebutuhan").text


@pytest.mark.parametrize("path", ["", "/kebutuhan", "/sinonim", "/baru"])
def test_every_page_of_the_editor_opens(budi, path: str):
    assert budi.get(f"/petugas/artikel{path}").status_code == 200


def test_an_officer_alone_may_publish(app: Flask, budi):
    with app.app_context(), transaction():
        from pst.accounts.users import User

        rina = User.with_email("rina@contoh.test")
        assert rina is not None
        rina.active = False

    page = made(budi)
    budi.post(f"{page}/tinjauan")

    assert budi.post(f"{page}/penerbitan").status_code == 303
    with app.app_context():
        assert db.session.scalar(db.select(Article.published_number)) == 1
