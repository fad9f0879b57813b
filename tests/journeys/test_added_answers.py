"""An answer that is added to an article that exists, and whose conversation it was."""

import re

import pytest

from tests.journeys.conftest import Browser, hidden
from tests.steps import ARTICLE, ask, made

DEWI = "Dewi Lestari"
LIST = "/petugas/artikel/kebutuhan"
ANSWER = "Kata pemilik waduk, airnya surut."


@pytest.fixture
def answered(dewi: Browser, budi: Browser) -> str:
    """Dewi's conversation, whose final answer may become an article: its address."""
    address = ask(dewi, subject="Hujan di waduk").location.partition("?")[0]
    assert budi.post(f"/petugas{address}/pengambilan").status_code == 303
    form = {"body": ANSWER, "key": "k", "press": "kirim", "then": "selesai"}
    assert budi.post(f"/petugas{address}/pesan", form).status_code == 303
    return address


@pytest.fixture
def page(siti: Browser, budi: Browser) -> str:
    """The draft of an article from another conversation."""
    about = ask(siti).location.partition("?")[0].rsplit("/", 1)[1]
    return made(budi, consultation=about)


def test_it_stays_to_be_written_while_the_article_is_only_opened(budi, page, answered):
    number = answered.rsplit("/", 1)[1]
    opened = budi.get(f"{page}?konsultasi={number}").text
    budi.post(page, {**ARTICLE, "base": "1", "press": "pratinjau"} | sent(opened))

    assert ANSWER in opened
    assert hidden(opened, "consultation") == number
    assert number in budi.get(LIST).text
    assert number not in budi.get(page).text


def test_its_user_is_looked_for_at_once_and_before_it_is_published(
    budi, rina, page, answered
):
    opened = budi.get(f"{page}?konsultasi={answered.rsplit('/', 1)[1]}").text
    form = {"press": "pratinjau", "body": f"{DEWI}: surut."}
    looked_at = budi.post(page, sent(opened) | form).text
    assert ("Nama pengguna", DEWI) in marks(looked_at)

    add(budi, page, answered)
    budi.post(f"{page}/tinjauan")
    refused = rina.post(f"{page}/penerbitan")

    assert refused.status_code == 409
    assert ("Nama pengguna", DEWI) in marks(refused.text)


def test_its_conversation_is_named_and_no_longer_to_be_written(budi, page, answered):
    number = answered.rsplit("/", 1)[1]
    add(budi, page, answered)

    assert number not in budi.get(LIST).text
    assert f"{number}</a>" in squeezed(budi.get(page).text)
    begun = budi.get(f"/petugas/artikel/baru?konsultasi={number}").text
    assert "Konsultasi ini sudah menjadi artikel" in begun


def test_the_printed_answer_leads_to_the_article(
    siti, dewi, budi, rina, page, answered
):
    id = re.findall(r'id="message-(\d+)"', dewi.get(answered).text)[-1]
    sheet = f"{answered}/jawaban/{id}"
    assert dewi.get(sheet).status_code == 200
    add(budi, page, answered, "Airnya surut.")
    assert 'class="qr"' not in dewi.get(sheet).text

    budi.post(f"{page}/tinjauan")
    assert rina.post(f"{page}/penerbitan").status_code == 303

    assert 'class="qr"' in dewi.get(sheet).text


def test_an_erasure_reaches_it_also_in_what_it_was_merged_into(
    dewi, budi, page, answered
):
    add(budi, page, answered)
    other = made(budi, title="Apa itu waduk?", body="Danau buatan.")
    form = {"article": page.rsplit("/", 1)[1]}
    assert budi.post(f"{other}/penggabungan", form).status_code == 303
    assert budi.post(f"{page}/pemulihan").status_code == 303
    assert DEWI in budi.get(page).text and DEWI in budi.get(other).text

    answer = dewi.post("/akun/data/penghapusan", {"word": "HAPUS"})

    assert answer.status_code == 303
    for place in (page, f"{page}/versi/2", other):
        assert DEWI not in budi.get(place).text
        assert "bertanya tentang waduk" in budi.get(place).text


def test_a_draft_that_was_begun_of_two_keeps_both(budi, page, answered):
    about = answered.rsplit("/", 1)[1]

    assert made(budi, consultation=about) == page, "with just the same words"

    assert about not in budi.get(LIST).text


def add(
    officer: Browser,
    page: str,
    address: str,
    body: str = f"{DEWI} bertanya tentang waduk.",
) -> None:
    """Open an article with the answer of a conversation added, and save it."""
    opened = officer.get(f"{page}?konsultasi={address.rsplit('/', 1)[1]}").text
    for _ in ("once", "and again, for the answer was lost"):
        answer = officer.post(page, sent(opened) | {"body": body})
        assert answer.status_code == 303, answer.text


def sent(page: str) -> dict[str, str]:
    """Return what a browser sends of the form, but for the body."""
    names = [name for name in ("base", "consultation") if f'name="{name}"' in page]
    return ARTICLE | {name: hidden(page, name) for name in names}


def marks(page: str) -> list[tuple[str, str]]:
    """Return what is marked as personal in the text, and as what."""
    return re.findall(r'title="([^"]*)"\s*>([^<]*)</mark>', page)


def squeezed(page: str) -> str:
    return re.sub(r"\s+", "", page)
