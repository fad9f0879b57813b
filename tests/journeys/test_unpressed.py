"""A form that came without its button: refused in words, nothing done, nothing lost."""

import re

import pytest

from tests.steps import ARTICLE, DESK, MINE, WORK, ask, drafted, made

REFUSED = "Tombol yang Anda tekan tidak ikut terkirim"
WORDS = "Kata-kata yang tidak boleh hilang."


def test_an_answer_is_not_guessed_to_wait_for_the_user(served, budi, siti):
    answer = budi.post(f"{DESK}/pesan", {"body": WORDS, "press": ""})

    assert answer.status_code == 422
    assert REFUSED in answer.text and WORDS in answer.text
    assert WORDS not in siti.get(MINE).text
    assert "Menunggu pengguna" not in budi.get(DESK).text


@pytest.mark.parametrize("button", ["", "x", "TUNGGU"])
def test_the_script_of_the_desk_is_told_too(served, budi, siti, button):
    answer = budi.post(
        f"{DESK}/pesan",
        {"body": WORDS, "press": button},
        headers={"HX-Request": "true"},
    )

    assert answer.status_code == 422
    assert REFUSED in answer.text
    assert WORDS not in siti.get(MINE).text


@pytest.mark.parametrize(
    ("body", "proposed"),
    [
        ("Baik, mohon ditunggu.", "saya"),
        ("Datanya menyusul ya, Kak", "saya"),
        ("Tahun berapa yang diperlukan?", "pengguna"),
        (WORDS, "selesai"),
    ],
)
@pytest.mark.parametrize("choice", ["", "x", "PENGGUNA"])
def test_who_is_next_is_proposed_and_never_guessed(
    served, budi, siti, body, proposed, choice
):
    answer = budi.post(f"{DESK}/pesan", {"body": body, "then": choice})

    assert answer.status_code == 422
    assert "Pilih siapa yang berikutnya" in answer.text and body in answer.text
    [chosen] = re.findall(r'name="then"\s+value="(\w*)"[^>]*checked', answer.text)
    assert chosen == proposed
    assert body not in siti.get(MINE).text


def test_a_request_is_not_filed_when_another_kind_may_have_been_meant(siti):
    answer = ask(siti, description=WORDS, press="")

    assert answer.status_code == 422
    assert REFUSED in answer.text and WORDS in answer.text
    assert siti.get(MINE).status_code == 404


def test_a_button_sent_to_the_address_of_its_form_changes_the_kind(siti):
    page = siti.get("/konsultasi/baru?jenis=data").text
    assert 'name="switch" value="metadata"' in page

    answer = ask(siti, description=WORDS, switch="metadata")

    assert "Konsultasi Metadata" in answer.text and WORDS in answer.text
    assert siti.get(MINE).status_code == 404


def test_an_article_is_not_saved(budi):
    page = made(budi)

    answer = budi.post(page, {**ARTICLE, "body": WORDS, "base": "1", "press": ""})

    assert answer.status_code == 422
    assert REFUSED in answer.text and WORDS in answer.text
    assert WORDS not in budi.get(page).text


def test_a_report_is_not_said_to_be_saved(budi):
    address = drafted(budi)

    answer = budi.post(f"{address}/isian", {"summary": WORDS, "press": ""})

    assert answer.status_code == 422
    assert REFUSED in answer.text and WORDS in answer.text
    assert WORDS not in budi.get(address).text


def test_a_follow_up_is_not_taken_to_its_preview(low, budi):  # noqa: F811
    budi.post(f"{WORK}/pengambilan")

    answer = budi.post(f"{WORK}/email", {"body": WORDS, "press": ""})

    assert answer.status_code == 422
    assert REFUSED in answer.text and WORDS in answer.text
    assert WORDS not in budi.get(f"{WORK}/email").text


def test_no_starter_article_is_put_in(andi):
    page = "/admin/persiapan/artikel"
    slug = re.findall(r'name="article" value="([^"]+)"', andi.get(page).text)[0]

    answer = andi.post(page, {"article": slug, "press": ""})

    assert answer.status_code == 422
    assert REFUSED in answer.text
    assert f'value="{slug}" checked' in answer.text


def test_text_browsers_choose_nothing_by_themselves(siti, budi, visitor, link):  # noqa: F811
    """They take the first of several for chosen: the first is none, and refused."""
    pages = [
        siti.get("/konsultasi/baru").text,
        budi.get("/petugas/catat").text,
        visitor.get(link).text,
    ]

    for page in pages:
        firsts: dict[str, str] = {}
        for tag in re.findall(r'<input[^>]*type="radio"[^>]*>', page):
            firsts.setdefault(re.findall(r'name="([^"]+)"', tag)[0], tag)
        assert firsts
        for name, tag in firsts.items():
            is_chosen = re.search(
                rf'name="{name}"[^>]*value="[^"]+"[^>]* checked', page
            )
            assert is_chosen or ('value=""' in tag and "checked" in tag), name
    assert visitor.post(link, {"score": ""}).status_code == 422
