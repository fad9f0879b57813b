"""From a conversation to an article that others find, by HTTP only."""

import io
import json
import re

import pytest
from flask import Flask

from pst.database import db, transaction
from pst.knowledge.exchange import entries, importing
from pst.knowledge.models import Article
from pst.reference_lists import DATA
from tests.journeys.conftest import Browser, hidden
from tests.steps import ARTICLE, made

STARTER = DATA / "kb_starter.json"


def published(writer: Browser, reviewer: Browser, **changed: str) -> str:
    page = made(writer, **changed)
    assert writer.post(f"{page}/tinjauan").status_code == 303
    answer = reviewer.post(f"{page}/penerbitan")
    assert answer.status_code == 303, answer.text
    return page


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


def test_nobody_publishes_what_they_wrote(budi):
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

    shown = visitor.get("/artikel/bagaimana-memperoleh-data-curah-hujan")

    assert shown.status_code == 200
    assert "Rancangan rahasia" not in shown.text
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


def test_searches_that_found_nothing_are_gathered(budi, visitor):
    for words in ("jadwal feri", "feri jadwalnya", "jadwal feri"):
        visitor.get(f"/cari?q={words}").close()

    gaps = budi.get("/petugas/artikel/kebutuhan").text
    assert "3 × tanpa hasil" in gaps
    budi.post(
        "/petugas/artikel/kebutuhan/selesai", {"meaning": hidden(gaps, "meaning")}
    )
    assert "3 × tanpa hasil" not in budi.get("/petugas/artikel/kebutuhan").text


def test_a_searched_and_opened_article_is_no_gap(budi, rina, visitor):
    published(budi, rina)
    page = visitor.get("/cari?q=curah+hujan")
    link = re.search(r'href="(/artikel/[^"]+dari=[^"]+)"', page.text)
    page.close()
    assert "1 × tanpa dibuka" in budi.get("/petugas/artikel/kebutuhan").text

    visitor.get(link[1].replace("&amp;", "&")).close()

    assert "tanpa dibuka" not in budi.get("/petugas/artikel/kebutuhan").text


def test_articles_are_shown_before_a_consultation_is_filed(budi, rina, siti):
    published(budi, rina)

    asked = siti.get("/cari/sebelum-bertanya?jenis=data&subjek=data+curah+hujan")
    key = hidden(asked.text, "key")
    assert "Tidak, ajukan konsultasi" in asked.text
    assert "/konsultasi/baru?jenis=data&amp;subjek=data+curah+hujan" in asked.text
    asked.close()

    assert siti.post("/cari/terjawab", {"key": key}).location == "/cari/terima-kasih"
    onward = siti.get("/cari/sebelum-bertanya?jenis=data&subjek=kapal+feri")
    assert onward.status_code == 302
    assert onward.location.startswith("/konsultasi/baru?jenis=data")


def test_what_the_text_asks_is_answered_before_filing_too(budi, rina, siti):
    published(budi, rina)
    step = "/cari/sebelum-bertanya?jenis=data&subjek=Minta+bantuan&uraian="

    asked = siti.get(step + "Selamat+pagi.+Di+mana+ada+data+curah+hujan%3F")

    assert "Tidak, ajukan konsultasi" in asked.text
    # What the text found is not said to be about the subject.
    assert "“Minta bantuan”" not in asked.text
    form = siti.get("/konsultasi/baru?jenis=data&subjek=Hujan&uraian=Yang+bulanan.")
    assert "Yang bulanan." in form.text


def test_more_than_ten_articles_are_said_to_be_the_best_ten(app: Flask, visitor):
    with app.app_context(), transaction():
        importing.load(entries.read(json.loads(STARTER.read_text())))

    assert "10 artikel teratas untuk “data”" in visitor.get("/cari?q=data").text
    found = visitor.get("/cari?q=romantik+online").text
    assert re.search(r"\d artikel untuk “romantik online”", found)


def test_suggestions_are_small_and_complete_the_word(budi, rina, visitor):
    published(budi, rina)

    answer = visitor.get("/cari/saran?q=curah+huj")

    assert "curah hujan" in answer.text
    assert len(answer.data) <= 1500


def test_an_officer_finds_an_article_for_the_answer(budi, rina):
    published(budi, rina)

    found = budi.get("/petugas/artikel/pilihan?q=hujan").text

    assert "Sisipkan tautan" in found
    assert "/artikel/bagaimana-memperoleh-data-curah-hujan" in found


def test_a_new_synonym_finds_at_once(budi, rina, visitor):
    published(budi, rina)
    assert "<ol" not in visitor.get("/cari?q=presipitasi").text

    budi.post(
        "/petugas/artikel/sinonim", {"terms": "hujan\npresipitasi", "weight": "1.0"}
    )

    assert "curah hujan" in visitor.get("/cari?q=presipitasi").text.split("<ol")[1]


@pytest.mark.parametrize("path", ["", "/kebutuhan", "/sinonim", "/baru"])
def test_every_page_of_the_editor_opens(budi, path: str):
    assert budi.get(f"/petugas/artikel{path}").status_code == 200


def test_a_search_leaves_no_trace_of_the_person(app: Flask, siti, budi):
    siti.get("/cari?q=hubungi+siti@contoh.test+0812+3456+7890").close()

    page = budi.get("/petugas/artikel/kebutuhan").text

    assert "siti@contoh.test" not in page
    assert "3456" not in page


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


TYPED = {**ARTICLE, "body": "Kalimat yang baru diketik.", "base": "1"}


def test_what_is_typed_is_submitted_without_saving_it_first(budi, rina):
    page = made(budi)

    assert budi.post(f"{page}/tinjauan", TYPED).status_code == 303

    shown = rina.get(page).text
    assert "Kalimat yang baru diketik." in shown and "Terbitkan" in shown


def test_what_the_reviewer_corrected_is_what_is_published(budi, rina, visitor):
    page = made(budi, body="Hubungi 0812 3456 7890.")
    budi.post(f"{page}/tinjauan")

    answer = rina.post(f"{page}/penerbitan", TYPED)

    assert answer.status_code == 303
    shown = visitor.get("/artikel/bagaimana-memperoleh-data-curah-hujan").text
    assert "Kalimat yang baru diketik." in shown and "0812" not in shown
    assert "Rina" in budi.get(f"{page}/versi/2").text


def test_personal_data_typed_by_the_reviewer_are_pointed_out_and_nothing_is_lost(
    budi, rina, visitor
):
    page = made(budi)
    budi.post(f"{page}/tinjauan")

    refused = rina.post(
        f"{page}/penerbitan", {**TYPED, "body": "Hubungi 0812 3456 7890 segera."}
    )

    assert refused.status_code == 409
    assert "Hubungi 0812 3456 7890 segera." in refused.text
    keys = re.findall(r'name="confirmed" value="(\w+)"', refused.text)
    assert len(keys) == 1
    assert hidden(refused.text, "base") == "1"
    sent = {**TYPED, "body": "Hubungi 0812 3456 7890 segera.", "confirmed": keys}
    assert rina.post(f"{page}/penerbitan", sent).status_code == 303
    shown = visitor.get("/artikel/bagaimana-memperoleh-data-curah-hujan").text
    assert "segera" in shown


def test_nobody_publishes_what_they_wrote_by_changing_it_once_more(budi):
    page = made(budi)
    budi.post(f"{page}/tinjauan")

    refused = budi.post(f"{page}/penerbitan", TYPED)

    assert refused.status_code == 409
    assert "Kalimat yang baru diketik." in refused.text
    assert "Tinjauan dilakukan oleh petugas lain" in refused.text


def test_what_the_reviewer_corrected_goes_back_with_the_note(budi, rina):
    page = made(budi)
    budi.post(f"{page}/tinjauan")

    rina.post(f"{page}/pengembalian", {**TYPED, "note": "Sebutkan tahunnya."})

    shown = budi.get(page).text
    assert "Kalimat yang baru diketik." in shown
    assert 'Dikembalikan: <span class="pre">Sebutkan tahunnya.</span>' in shown


def test_a_note_that_is_missing_keeps_what_was_typed(budi, rina):
    page = made(budi)
    budi.post(f"{page}/tinjauan")

    refused = rina.post(f"{page}/pengembalian", {**TYPED, "note": ""})

    assert refused.status_code == 422
    assert "Kalimat yang baru diketik." in refused.text


def test_archiving_and_restoring_keep_what_was_typed(budi):
    page = made(budi)

    budi.post(f"{page}/arsip", TYPED)
    late = budi.post(page, {**TYPED, "body": "Terlambat.", "base": "2"})
    assert late.status_code == 409 and "Terlambat." in late.text
    budi.post(f"{page}/pemulihan", {**TYPED, "body": "Terlambat.", "base": "2"})

    assert "Kalimat yang baru diketik." in budi.get(f"{page}/versi/2").text
    assert "Terlambat." in budi.get(page).text


def test_a_file_is_added_without_losing_what_was_typed(budi):
    page = made(budi)

    file = (io.BytesIO(b"%PDF-1.7 isi"), "tabel.pdf")
    budi.post(f"{page}/berkas", {**TYPED, "file": file})
    refused = budi.post(
        f"{page}/berkas",
        {**TYPED, "base": "2", "body": "Lagi.", "file": (io.BytesIO(b"MZ"), "a.pdf")},
    )

    shown = budi.get(page).text
    assert "tabel.pdf" in shown and "Kalimat yang baru diketik." in shown
    assert refused.status_code == 409 and "Lagi." in refused.text


def test_every_button_refuses_what_saving_would_refuse(budi):
    page = made(budi)

    for step in ("tinjauan", "arsip", "berkas"):
        refused = budi.post(f"{page}/{step}", {**TYPED, "title": ""})
        assert refused.status_code == 422
        assert "Kalimat yang baru diketik." in refused.text
        assert "Judul wajib diisi." in refused.text
    assert "Ajukan tinjauan" in budi.get(page).text


def test_no_button_goes_over_what_a_colleague_saved_meanwhile(budi, rina):
    page = made(budi)
    rina.post(page, {**ARTICLE, "body": "Kalimat Rina.", "base": "1"})

    late = budi.post(f"{page}/tinjauan", TYPED)
    unread = budi.post(f"{page}/tinjauan", {**ARTICLE, "base": "1"})

    assert late.status_code == unread.status_code == 409
    assert "Kalimat yang baru diketik." in late.text
    assert "Anda belum mengubah apa pun" in unread.text
    assert "Kalimat Rina." in unread.text and hidden(unread.text, "base") == "2"
    assert "Ajukan tinjauan" in budi.get(page).text


def test_an_article_that_nobody_changed_gets_no_new_version(budi, rina):
    page = made(budi)

    budi.post(f"{page}/tinjauan", {**ARTICLE, "base": "1"})
    rina.post(f"{page}/penerbitan", {**ARTICLE, "base": "1"})

    assert "Versi 2" not in budi.get(page).text


def test_looking_for_an_article_to_merge_keeps_what_was_typed(budi):
    page = made(budi)

    answer = budi.post(page, {**TYPED, "press": "gabung"})

    assert answer.location == f"{page}/penggabungan"
    assert "Kalimat yang baru diketik." in budi.get(page).text


STEPS = {
    "tinjauan": "Artikel diajukan",
    "arsip": "Artikel diarsipkan",
    "simpan": "Draf disimpan",
}


@pytest.mark.parametrize("step", STEPS)
def test_every_button_works_at_the_address_of_the_form_too(budi, step: str):
    """Text browsers and old engines send a button nowhere else."""
    page = made(budi)
    assert f'value="{step}"' in budi.get(page).text

    assert budi.post(page, {**TYPED, "press": step}).status_code == 303

    shown = budi.get(page).text
    assert STEPS[step] in shown and "Kalimat yang baru diketik." in shown


def test_a_reviewer_decides_at_the_address_of_the_form(budi, rina):
    page = made(budi)
    budi.post(page, {**TYPED, "press": "tinjauan"})
    refused = rina.post(page, {**TYPED, "base": "2", "press": "pengembalian"})
    assert refused.status_code == 422, "a note is wanted"
    back = {**TYPED, "base": "2", "press": "pengembalian", "note": "Tambah sumber."}
    assert rina.post(page, back).status_code == 303
    assert "Tambah sumber." in budi.get(page).text

    budi.post(page, {**TYPED, "base": "2", "press": "tinjauan"})
    assert (
        rina.post(page, {**TYPED, "base": "2", "press": "penerbitan"}).status_code
        == 303
    )
    assert "terbit" in rina.get(page).text


def test_a_file_is_attached_at_the_address_of_the_form(budi):
    page = made(budi)
    file = (io.BytesIO(b"a,b\n1,2\n"), "curah-hujan.csv")

    sent = budi.post(page, {**TYPED, "press": "berkas", "file": file})

    assert sent.status_code == 303
    shown = budi.get(page).text
    assert "curah-hujan.csv" in shown and "Kalimat yang baru diketik." in shown


def test_what_was_found_unopened_and_then_asked_for_is_a_gap(budi, rina, siti, visitor):
    published(budi, rina)
    request = {"subject": "curah hujannya?", "description": "Menurut bulan."}
    request |= {"area": "Banjarnegara", "years": "2025"}

    visitor.get("/cari?q=curah+hujan").close()
    assert siti.post("/konsultasi/baru?jenis=data", request).status_code == 303

    gaps = " ".join(budi.get("/petugas/artikel/kebutuhan").text.split())
    assert "1 × tanpa dibuka" in gaps
    assert "1 konsultasi" in gaps
