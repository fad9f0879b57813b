"""What stands before a request and in its form: articles, and words already known."""

import re

from tests.journeys.newcomers.steps import ask
from tests.regions.conftest import LIST, bring_in
from tests.steps import made


def test_the_articles_that_may_answer_stand_before_the_form(tuti, budi, rina):
    draft = made(budi)
    budi.post(f"{draft}/tinjauan")
    rina.post(f"{draft}/penerbitan")

    page = tuti.get(
        "/cari/sebelum-bertanya?jenis=data&subjek=data+curah+hujan&uraian=Bulanan"
    ).text

    assert page.index("Mungkin ini yang Anda cari") < page.index('name="account-email"')
    assert 'value="data curah hujan"' in page and re.search(
        r">\s*Bulanan</textarea>", page
    )
    assert 'href="#permintaan"' in page and 'id="permintaan"' in page
    assert "Ya, sudah terjawab" in page


def test_a_long_text_in_the_address_comes_whole_into_the_form(tuti):
    letter = "Menurut kecamatan, " * 150 + "sampai kalimat terakhir."

    about = {"jenis": "data", "subjek": "Luas waduk", "uraian": letter}
    page = tuti.get("/cari/sebelum-bertanya", query_string=about, follow_redirects=True)

    assert re.search(rf">\s*{letter}</textarea>", page.text)


def test_a_subject_too_long_comes_whole_and_is_refused_with_its_words(tuti):
    subject = " ".join(["Berapa jumlah penduduk menurut umur"] * 8)

    page = tuti.get(
        "/konsultasi/baru", query_string={"jenis": "data", "subjek": subject}
    )
    answer = ask(tuti, subject=subject)

    assert f'value="{subject}"' in page.text
    assert answer.status_code == 422
    assert "Maksimal 200 karakter" in answer.text and subject in answer.text


def test_what_the_question_names_is_not_typed_again(tuti, app):
    with app.app_context():
        bring_in(LIST)
    place = "/konsultasi/baru?jenis=data&subjek="

    page = tuti.get(place + "jumlah+sapi+kec+wanadadi+2021+sampai+2023").text
    assert 'value="Kecamatan Wanadadi"' in page and 'value="2021–2023"' in page

    page = tuti.get(place + "sapi+di+wanadadi+dan+kec+banjarmangu+2019+dan+2023").text
    assert 'value="Kecamatan' not in page and 'value="2019, 2023"' in page
    page = tuti.get(place + "sapi+di+wanadadi&uraian=Yang+tahun+2022+saja.").text
    assert 'value="Kecamatan Wanadadi"' in page and 'value="2022"' in page

    page = tuti.get(place + "sapi+di+wanadadi+dan+banjarmangu").text
    assert 'value="Kecamatan' not in page

    page = tuti.get(place + "sapi+" + "+".join(map(str, range(1990, 2024, 2)))).text
    assert 'value="1990' not in page

    page = tuti.get(place + "harga+beras").text
    fields = re.findall(r'<input[^>]* name="(?:area|years)"[^>]*>', page)
    assert len(fields) == 2
    assert all('value=""' in field or "value=" not in field for field in fields)
