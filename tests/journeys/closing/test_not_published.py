"""What is not published is said, reported, and named with what is nearest."""

import re

from pst import clock
from pst.demo import catalogue
from pst.office import settings
from pst.reports.figures.period_figures import Figures
from pst.reports.layout.tables import table
from pst.reports.periods import Period
from tests.journeys.closing.steps import WHY, button
from tests.steps import DESK, MINE, ask


def test_who_closes_without_an_answer_names_what_is_nearest(app, siti, budi):
    with app.app_context():
        catalogue.load()
    ask(siti, subject="produksi padi kabupaten contoh menurut desa")
    budi.post(f"{DESK}/pengambilan")
    page = budi.get(f"{DESK}/penutupan").text
    matches = re.findall(r'name="nearest"\s+value="(\d+)"', page)
    assert 1 <= len(matches) <= 3
    assert "Produksi Padi Menurut Kecamatan" in page

    words = {"unanswered": WHY, "nearest": matches[0]}
    assert budi.post(f"{DESK}/penutupan", words).status_code == 303

    said = siti.get(MINE).text
    assert WHY in said
    assert "Terdekat yang tersedia: Produksi Padi Menurut Kecamatan, http" in said


def this_month() -> Period:
    today = clock.today(settings.current().zone)
    return Period.of(today.year, today.month, 1)


def test_what_is_not_published_is_said_and_reported(app, siti, budi):
    with app.app_context():
        catalogue.load()
    ask(siti, subject="produksi padi menurut desa, telepon 081234567890")
    budi.post(f"{DESK}/pengambilan")
    page = budi.get(f"{DESK}/penutupan").text
    nearest = re.findall(r'name="nearest"\s+value="(\d+)"', page)[0]
    assert 'name="unavailable"' in page

    words = {"unanswered": WHY, "unavailable": "y", "nearest": nearest}
    assert budi.post(f"{DESK}/penutupan", words).status_code == 303

    said = siti.get(MINE).text
    assert "tidak tersedia: belum diterbitkan BPS." in said and WHY in said
    with app.app_context():
        period = this_month()
        [(wanted, title)] = Figures(period).demand.unpublished
        assert "produksi padi menurut desa" in wanted
        assert "081234567890" not in wanted
        assert title.startswith("Produksi Padi")
        frozen = Figures(period).frozen()
        [row] = table("unpublished", frozen).rows
        assert row == [wanted, title]
        del frozen["unpublished"]
        assert table("unpublished", frozen).rows == [], "reports sent before"


def test_an_answer_may_say_that_nothing_is_published(app, served, siti, budi):
    with app.app_context():
        catalogue.load()
    address = "https://contohkab.example/tabel/padi"
    answer = {"body": f"Belum ada menurut desa. Sumber: BPS, {address}", "then": "saya"}
    assert 'name="unavailable"' in budi.get(DESK).text

    budi.post(f"{DESK}/pesan", answer | {"unavailable": "ya"})
    budi.post(f"{DESK}/pesan", {"body": "Ada lagi?"})

    with app.app_context():
        [(_, title)] = Figures(this_month()).demand.unpublished
    assert title.startswith("Produksi Padi")
    assert "Terdekat yang tersedia" not in siti.get(MINE).text, "the answer links it"


def test_an_answer_without_a_link_has_the_nearest_item_in_the_report(app, siti, budi):
    with app.app_context():
        catalogue.load()
    ask(siti, subject="produksi padi menurut desa")
    budi.post(f"{DESK}/pengambilan")

    answer = {"body": "Belum ada menurut desa.", "then": "saya", "unavailable": "ya"}
    budi.post(f"{DESK}/pesan", answer)

    with app.app_context():
        [(_, title)] = Figures(this_month()).demand.unpublished
    assert title == "Produksi Padi Menurut Kecamatan"
    for reader, page in ((siti, MINE), (budi, DESK)):
        shown = " ".join(reader.get(page).text.split())
        match = re.search(
            r'Terdekat yang tersedia: <a href="(/tabel/\d+)">([^<]+)<', shown
        )
        assert match
        assert match[2] == title
    assert title in siti.get(match[1]).text


def test_nothing_is_nearest_to_what_the_catalogue_lacks(app, siti, budi):
    with app.app_context():
        catalogue.load()
    ask(siti, subject="zat pewarna kain")
    budi.post(f"{DESK}/pengambilan")

    answer = {"body": "Belum ada datanya.", "then": "saya", "unavailable": "ya"}
    budi.post(f"{DESK}/pesan", answer)

    with app.app_context():
        [(_, title)] = Figures(this_month()).demand.unpublished
    assert title == ""
    assert "Terdekat yang tersedia" not in siti.get(MINE).text


def test_requests_that_a_table_answered_are_counted(app, served, siti, budi):
    siti.post(f"{MINE}/pesan", {"body": "Sumber: kata tetangga."})
    budi.post(f"{DESK}/catatan", {"body": "Sumber: tanya Bu Rina."})
    with app.app_context():
        assert Figures(this_month()).knowledge.facts["cited"] == 0

    budi.post(f"{DESK}/pesan", {"body": "31.000 jiwa.\nSumber: BPS, http://x.test"})

    with app.app_context():
        figures = Figures(this_month())
        assert figures.knowledge.facts["cited"] == 1
        rows = {
            row[0]: row[1].value
            for row in table("knowledge_facts", figures.frozen()).rows
        }
        assert rows["Permintaan yang dijawab dengan angka atau tabel bersumber"] == 1


def test_what_is_closed_for_another_cause_is_not_reported_so(app, served, siti, budi):
    page = budi.get(f"{DESK}/penutupan").text
    words = {**button(page, f"{DESK}/penutupan"), "unanswered": WHY}
    assert budi.post(f"{DESK}/penutupan", words).status_code == 303

    with app.app_context():
        assert not Figures(this_month()).demand.unpublished


def test_only_what_was_offered_is_named_as_nearest(app, siti, budi):
    with app.app_context():
        catalogue.load()
    ask(siti, subject="zat pewarna kain")
    budi.post(f"{DESK}/pengambilan")

    words = {"unanswered": WHY, "nearest": "1"}
    assert budi.post(f"{DESK}/penutupan", words).status_code == 303

    assert "Terdekat yang tersedia" not in siti.get(MINE).text
