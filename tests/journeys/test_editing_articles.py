"""Editing an article: no button loses what was typed, nor what a colleague saved."""

import io
import re

import pytest

from tests.journeys.conftest import hidden
from tests.steps import ARTICLE, made

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
    form = {**TYPED, "body": "Hubungi 0812 3456 7890 segera.", "confirmed": keys}
    assert rina.post(f"{page}/penerbitan", form).status_code == 303
    shown = visitor.get("/artikel/bagaimana-memperoleh-data-curah-hujan").text
    assert "segera" in shown


def test_no_one_publishes_what_they_wrote_by_changing_it_once_more(budi):
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


def test_no_button_overwrites_what_a_colleague_has_saved(budi, rina):
    page = made(budi)
    rina.post(page, {**ARTICLE, "body": "Kalimat Rina.", "base": "1"})

    late = budi.post(f"{page}/tinjauan", TYPED)
    unread = budi.post(f"{page}/tinjauan", {**ARTICLE, "base": "1"})

    assert late.status_code == unread.status_code == 409
    assert "Kalimat yang baru diketik." in late.text
    assert "Anda belum mengubah apa pun" in unread.text
    assert "Kalimat Rina." in unread.text and hidden(unread.text, "base") == "2"
    assert "Ajukan tinjauan" in budi.get(page).text


def test_an_article_that_no_one_changed_gets_no_new_version(budi, rina):
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

    answer = budi.post(page, {**TYPED, "press": "berkas", "file": file})

    assert answer.status_code == 303
    shown = budi.get(page).text
    assert "curah-hujan.csv" in shown and "Kalimat yang baru diketik." in shown
