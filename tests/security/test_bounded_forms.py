"""What a stranger sends is measured before anything is done with it."""

import sys
import unicodedata
from io import BytesIO

import pytest

from pst.knowledge.article.slugs import slug_of
from pst.search.language.indonesian import fold
from pst.text.normalization import MAX_MARKS, is_mark, normalize
from pst.uploads.file_types import MAX_NAME_LENGTH, Format, tidy_name
from pst.web import request_limits
from pst.web.forms.fields import MESSAGE_LENGTH, tidy
from tests.journeys.conftest import Browser
from tests.people import email_of

MARKS = "\u0301\u0323"  # each must be sorted past the other
URLENCODED = "application/x-www-form-urlencoded"


def longest_run(text: str) -> int:
    longest = run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        longest = max(longest, run)
    return longest


@pytest.mark.parametrize(
    "change",
    [
        tidy,
        normalize,
        lambda text: normalize(text, "NFKD"),
        lambda name: tidy_name(name, Format.TXT),
    ],
    ids=["field", "NFC", "NFKD", "file name"],
)
def test_no_run_of_marks_is_longer_than_any_script_needs(change):
    text = change("a" + MARKS * (MESSAGE_LENGTH // 2))

    assert 2 <= longest_run(text) <= MAX_MARKS


def test_a_run_of_thirty_marks_is_kept():
    text = "a" + "\u0323" * MAX_MARKS

    assert tidy(text) == unicodedata.normalize("NFC", text)
    assert tidy(text + "\u0323" + "b") == unicodedata.normalize("NFC", text) + "b"


def test_every_character_that_normalizing_moves_is_known():
    for code in range(sys.maxunicode + 1):
        parts = unicodedata.normalize("NFKD", chr(code))
        if unicodedata.combining(parts[0]):
            assert is_mark(chr(code)), hex(code)


def test_a_text_too_long_for_its_field_is_not_touched():
    text = "a" + MARKS * MESSAGE_LENGTH

    assert tidy(text) == text
    assert tidy("e\u0301" * MESSAGE_LENGTH) == "é" * MESSAGE_LENGTH


def test_a_file_name_is_cut_before_it_is_normalized():
    name = tidy_name("a" * 70_000 + ".berkas.txt", Format.TXT)

    assert name == "a" * MAX_NAME_LENGTH + ".txt"
    assert tidy_name("C:\\data\\Te\u0301s.csv", Format.CSV) == "Tés.csv"


def test_search_reads_a_word_with_endless_marks():
    assert fold("pa" + MARKS * 5_000 + "di") == "padi"
    assert slug_of("Pa" + MARKS * 5_000 + "di") == "padi"


def test_an_endless_name_is_refused_with_its_length(app, at):
    stranger = Browser(app)
    name = "a" + MARKS * 15_000

    answer = stranger.post("/daftar", {"name": name, "email": "x" * 500})

    assert answer.status_code == 422
    assert "Maksimal 200 karakter (sekarang 30.001)" in answer.text
    assert "Maksimal 254 karakter (sekarang 500)" in answer.text


def fields(count: int) -> bytes:
    return b"&".join(b"a=" for _ in range(count))


def test_a_stranger_sends_a_hundred_fields_at_most(app, at):
    client = Browser(app).client
    most = request_limits.STRANGERS_FIELDS

    answer = client.post("/masuk", data=fields(most), content_type=URLENCODED)
    refused = client.post("/masuk", data=fields(most + 1), content_type=URLENCODED)

    assert answer.status_code == 400, "read, and without a token"
    assert refused.status_code == 413
    assert "Kiriman terlalu besar" in refused.text


def test_a_body_without_a_length_is_counted_too(app, at):
    refused = Browser(app).client.post(
        "/masuk",
        input_stream=BytesIO(fields(request_limits.STRANGERS_FIELDS + 1)),
        content_type=URLENCODED,
        environ_overrides={"HTTP_TRANSFER_ENCODING": "chunked"},
    )

    assert refused.status_code == 413


def test_the_parts_of_a_form_with_files_are_counted(app, at):
    stranger, siti = Browser(app), Browser(app).log_in("siti")
    parts = {f"a{n}": "x" for n in range(request_limits.STRANGERS_FIELDS + 1)}
    parts["files"] = (BytesIO(b"x"), "x.txt")

    refused = stranger.client.post("/masuk", data=parts)
    parts["files"] = (BytesIO(b"x"), "x.txt")
    answer = siti.client.post("/masuk", data=parts)

    assert (refused.status_code, answer.status_code) == (413, 400)


def test_a_member_may_send_the_long_tables_of_a_report(app, at):
    siti, most = Browser(app).log_in("siti"), request_limits.MEMBERS_FIELDS

    answer = siti.client.post("/masuk", data=fields(most), content_type=URLENCODED)
    refused = siti.client.post("/masuk", data=fields(most + 1), content_type=URLENCODED)

    assert (answer.status_code, refused.status_code) == (400, 413)


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "a" * request_limits.MAX_ADDRESS_BYTES,
        fields(request_limits.STRANGERS_FIELDS + 1).decode(),
    ],
    ids=["long", "many fields"],
)
def test_an_endless_address_is_refused(app, at, query: str):
    answer = Browser(app).get(f"/cari?{query}")

    assert answer.status_code == 400
    assert "Permintaan tidak dapat dibaca" in answer.text


def test_endless_headers_are_refused(app, at):
    languages = "id," * (request_limits.MAX_HEADERS_BYTES // 3 + 1)

    answer = Browser(app).get("/", headers={"Accept-Language": languages})

    assert answer.status_code == 400


def test_an_endless_address_at_log_in_is_not_looked_up(app, at):
    answer = Browser(app).post(
        "/masuk", {"email": email_of("siti") + "x" * 300, "password": "x"}
    )

    assert answer.status_code == 422
    assert "Maksimal 254 karakter" in answer.text
