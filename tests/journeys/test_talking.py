"""A conversation reads like one: where it opens, its days, marks and quotes."""

import re
from collections.abc import Callable
from dataclasses import replace

import sqlalchemy as sa
from flask import Flask

from pst.accounts.users import User
from pst.consultations.conversation.read_marks import ReadMark
from pst.consultations.models import Consultation
from pst.database import db, transaction
from pst.knowledge.article.content import Content, Topic
from pst.knowledge.models import Article
from tests.pages import Browser

MINE = "/konsultasi/KS-2026-000001"
DESK = "/petugas/konsultasi/KS-2026-000001"


def answer(budi: Browser, text: str, then: str = "pengguna") -> None:
    fields = {"body": text, "key": text, "press": "kirim", "then": then}
    assert budi.post(f"{DESK}/pesan", fields).status_code == 303


def say(siti: Browser, text: str, **more: str) -> None:
    fields = {"body": text, "key": text, **more}
    assert siti.post(f"{MINE}/pesan", fields).status_code == 303


def newest(person: Browser, path: str) -> int:
    return int(re.findall(r'id="message-(\d+)"', person.get(path).text)[-1])


def test_the_page_opens_at_the_first_unread_message_or_at_its_end(
    siti: Browser, budi: Browser, asked: None
):
    assert '<span id="baru">' in siti.get(MINE).text.partition('id="akhir"')[2]

    answer(budi, "Tahun berapa?")
    answer(budi, "Dan untuk desa mana?")

    before, _, after = siti.get(MINE).text.partition("Belum dibaca")
    assert "Tahun berapa?" in after and "Dilayani oleh" in before
    assert siti.get(MINE).text.count('id="baru"') == 1
    siti.post(f"{MINE}/bacaan", {"upto": str(newest(siti, MINE))})
    assert "Belum dibaca" not in siti.get(MINE).text


def test_who_has_seen_no_entry_has_read_nothing(siti: Browser, asked: None):
    assert siti.post(f"{MINE}/bacaan", {"upto": "0"}).status_code == 204

    with siti.app.app_context():
        assert not db.session.scalars(sa.select(ReadMark)).all()


def test_each_day_stands_once_above_its_messages(
    siti: Browser, budi: Browser, asked: None, at: Callable[[str], None]
):
    answer(budi, "Tahun berapa?")
    at("2026-03-02 23:59+07:00")
    say(siti, "Malam ini.")
    (cursor,) = re.findall(r'hx-ptag="([^"]+)"', siti.get(MINE).text)[:1]
    at("2026-03-03 00:01+07:00")
    siti.log_in("siti")
    say(siti, "Hari berikutnya.")

    page = siti.get(MINE).text

    assert page.count("Senin, 2 Maret 2026") == page.count("Selasa, 3 Maret 2026") == 1
    assert (
        page.index("Malam ini.")
        < page.index("Selasa, 3 Maret")
        < page.index("Hari berik")
    )
    poll = siti.get(f"{MINE}/pesan", headers={"HX-Request": "true", "HX-PTag": cursor})
    assert "Selasa, 3 Maret 2026" in poll.text and "Senin" not in poll.text


def test_each_message_of_ones_own_says_whether_it_was_read(
    siti: Browser, budi: Browser, asked: None
):
    say(siti, "Pertama.")
    first = newest(siti, MINE)
    budi.post(f"{MINE}/bacaan", {"upto": str(first)})
    say(siti, "Kedua.")

    marks = re.findall(r"data-sent\s*>\s*(\w+)", siti.get(MINE).text)

    assert marks == ["dibaca", "terkirim"]
    assert f'data-seen="{first}"' in siti.get(f"{MINE}/keadaan").text
    assert "data-sent" not in budi.get(DESK).text
    answer(budi, "Baik.")
    assert re.findall(r"data-sent\s*>\s*(\w+)", budi.get(DESK).text) == ["terkirim"]
    assert re.findall(r"data-sent\s*>\s*(\w+)", siti.get(MINE).text) == ["dibaca"] * 2


def test_a_message_is_quoted_by_a_plain_link(siti: Browser, budi: Browser, asked: None):
    answer(budi, "Untuk tahun\nberapa?")
    id = newest(siti, MINE)
    link = f"{MINE}?quoted={id}#composer"
    assert link in siti.get(MINE).text

    page = siti.get(f"{MINE}?quoted={id}").text
    assert re.search(rf'name="quoted"[^>]*value="{id}"', page)
    say(siti, "Untuk 2025.", quoted=str(id))

    for shown in (siti.get(MINE).text, budi.get(DESK).text):
        said = shown.partition(">Untuk 2025.")[0].rpartition("<li")[2]
        assert f'href="#message-{id}"' in said and "Untuk tahun berapa?" in said


def test_a_quote_outlives_a_draft_that_is_kept_without_scripts(
    siti: Browser, budi: Browser, asked: None
):
    say(siti, "Untuk tahun 2025.")
    id = newest(siti, MINE)
    fields = {"body": "Baik, ", "key": "k", "press": "draf", "quoted": str(id)}

    page = budi.get(budi.post(f"{DESK}/pesan", fields).headers["Location"]).text

    assert re.search(rf'name="quoted"[^>]*value="{id}"', page)


def test_what_is_not_of_the_conversation_cannot_be_quoted(
    siti: Browser, budi: Browser, asked: None
):
    budi.post(f"{DESK}/catatan", {"body": "Rahasia kantor.", "key": "n"})
    note = newest(budi, DESK)

    for id in (str(note), "999", "x", "-1", "9" * 40):
        say(siti, f"Balas {id}", quoted=id)
        siti.get(f"{MINE}?quoted={id}")
    assert "Rahasia" not in siti.get(MINE).text
    assert 'href="#message-' not in siti.get(MINE).text


def test_a_final_answer_is_a_card_that_can_be_cited_and_printed(
    app: Flask, siti: Browser, budi: Browser, dewi: Browser, asked: None
):
    answer(budi, "IPM 2025 adalah 71,2.", then="selesai")
    id = newest(siti, MINE)
    page = siti.get(MINE).text
    card = f"{MINE}/jawaban/{id}"
    assert "Jawaban final" in page and "Sumber: BPS Kabupaten" in page
    assert f'href="{card}#kutipan"' in page

    sheet = siti.get(card).text

    assert "letterhead" in sheet and "IPM 2025 adalah 71,2." in sheet
    cited = sheet.partition("<textarea")[2].partition("</textarea>")[0]
    for part in (
        "2 Maret 2026",
        "IPM",
        "KS-2026-000001",
        "Pelayanan Statistik Terpadu",
    ):
        assert part in cited
    assert 'class="qr"' not in sheet
    assert dewi.get(card).status_code == 404
    assert budi.get(card).status_code == 200
    assert siti.get(f"{MINE}/jawaban/{id - 1}").status_code == 404

    with app.app_context(), transaction():
        author, reviewer = map(
            User.with_email, ("budi@contoh.test", "rina@contoh.test")
        )
        consultation = db.session.scalar(db.select(Consultation))
        content = Content("Apa itu IPM?", "71,2.", Topic.DATA)
        article = Article.draft(content, author, consultation=consultation)
        article.submit(author)
        article.publish(reviewer)
        article.write(replace(content, body="71,25."), author, article.number)
    assert 'class="qr"' in siti.get(card).text, (
        "the public reads it, also while it is edited"
    )


def test_a_final_answer_shows_the_sources_put_into_it(
    app: Flask, siti: Browser, budi: Browser, asked: None
):
    base = app.config["PST"].base_url
    article = f"{base}/artikel/apa-itu-ipm"
    text = (
        "IPM 2025 adalah 71,2.\n"
        "Sumber: BPS Kabupaten Contoh (metode baru), https://contoh.bps.go.id/ipm,"
        " diakses 2 Maret 2026.\n"
        "Sumber: Sakernas <b>2025</b>.\n"
        f"Apa itu IPM?\n{article}\n"
        f"Nilai kami di\n{base}/nilai/x"
    )
    answer(budi, text, then="selesai")
    id = newest(siti, MINE)

    page, sheet = siti.get(MINE).text, siti.get(f"{MINE}/jawaban/{id}").text

    card = page.partition('class="source"')[2].partition("</p>")[0]
    assert re.findall(r'href="([^"]+)"', card) == [
        "https://contoh.bps.go.id/ipm",
        article,
    ]
    for part in ("BPS Kabupaten Contoh (metode baru)<", "Sakernas &lt;b&gt;2025"):
        assert part in card
    assert "Nilai kami" not in card and "Banjarnegara" not in card
    cited = sheet.partition("<textarea")[2].partition("</textarea>")[0]
    assert (
        "Sumber: BPS Kabupaten Contoh (metode baru), https://contoh.bps.go.id/ipm;"
        f" Sakernas &lt;b&gt;2025&lt;/b&gt;; Apa itu IPM?, {article}." in cited
    )
    facts = sheet.partition("<dt>Sumber</dt>")[2].partition("<dt>")[0]
    assert facts.count("<dd>") == 3 and "Banjarnegara" not in facts


def test_the_rating_stands_under_the_final_answer(
    siti: Browser, budi: Browser, asked: None
):
    answer(budi, "IPM 2025 adalah 71,2.", then="selesai")
    assert "Nilai pelayanan kami" not in siti.get(MINE).text

    siti.post(f"{MINE}/penutupan")

    page = siti.get(MINE).text
    assert (
        page.index("71,2") < page.index("Nilai pelayanan kami") < page.index("<aside")
    )
