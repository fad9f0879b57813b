"""Anyone who holds a letter sees whether it is genuine."""

import hashlib
import re
from io import BytesIO

import pytest
from flask import Flask

from pst.database import db
from pst.reports.models import Report
from tests.journeys.conftest import Browser
from tests.steps import head_address, sent_report


@pytest.fixture
def letter(budi: Browser, hasan: Browser) -> tuple[str, bytes]:
    """The code in an approved letter, and the letter."""
    address = sent_report(budi)
    hasan.post(f"{head_address(address)}/persetujuan", {"number": "B-9/2026"})
    content = budi.get(f"{address}/laporan-disetujui.pdf").data
    code = re.search(r'/sah/([0-9a-f]{32})"', hasan.get(head_address(address)).text)
    assert code
    return code[1], content


def test_the_code_in_a_letter_says_what_was_approved(visitor, letter):
    code, content = letter
    page = visitor.get(f"/sah/{code}")

    assert page.status_code == 200
    assert "Surat ini tercatat dan disetujui" in page.text
    assert (
        "Hasan Basri, Ketua Tim Diseminasi, 2 Maret 2026 pukul 09.00 WIB" in page.text
    )
    assert "Februari 2026" in page.text and "Budi Santoso" in page.text
    assert hashlib.sha256(content).hexdigest() in page.text


def test_a_code_is_found_as_people_write_it(visitor, letter):
    code, _ = letter
    spaced = " ".join(code[n : n + 4].upper() for n in range(0, 32, 4))

    answer = visitor.get("/sah", query_string={"kode": spaced})

    assert answer.location == f"/sah/{code}"
    assert visitor.get(f"/sah/{code.upper()}").status_code == 200


def test_a_file_is_genuine_to_the_last_byte(visitor, letter):
    _, content = letter

    def check(file: bytes):
        answer = visitor.post("/sah", {"file": (BytesIO(file), "surat.pdf")})
        assert answer.status_code == 303
        return visitor.get(answer.location)

    assert "Berkas ini asli" in check(content).text
    forged = check(content + b"\n")
    assert forged.status_code == 404
    assert "Berkas ini tidak dikenal" in forged.text


def test_what_was_only_sent_or_returned_is_not_genuine(visitor, budi, hasan):
    address = sent_report(budi)
    content = budi.get(f"{address}/laporan.pdf").data
    hasan.post(f"{head_address(address)}/pengembalian", {"comment": "Kurang."})

    assert visitor.get(f"/sah/{hashlib.sha256(content).hexdigest()}").status_code == 404


def test_a_row_that_was_changed_is_no_longer_genuine(app: Flask, visitor, letter):
    code, _ = letter
    with app.app_context():
        report = db.session.query(Report).filter_by(seal=code).one()
        report.frozen = {**report.frozen, "period": "Maret 2026"}
        db.session.commit()

    page = visitor.get(f"/sah/{code}").text

    assert "Jangan memakai surat ini" in page
    assert "Hasan Basri" not in page


@pytest.mark.parametrize(
    "code", ["0" * 32, "f" * 64, "x" * 32, "abc", "-", "%00", "٣" * 32, "0" * 5000]
)
def test_what_is_no_code_is_answered_and_found_nowhere(visitor, letter, code):
    answer = visitor.get(f"/sah/{code}")

    assert answer.status_code == 404
    assert "tidak dikenal" in answer.text


def test_a_form_without_a_file_says_so(visitor):
    answer = visitor.post("/sah", {})

    assert answer.status_code == 422
    assert "Pilih berkas PDF surat." in answer.text
    assert visitor.get("/sah").status_code == 200


def test_a_large_file_of_a_stranger_is_refused_before_it_is_read(visitor):
    def send(path: str, size: int) -> int:
        file = {"file": (BytesIO(b"0" * size), "besar.pdf")}
        return visitor.post(path, file).status_code

    assert send("/sah", 990_000) == 303
    assert send("/sah", 1_000_000) == 413
    assert send("/masuk", 300_000) == 413


def test_the_head_gives_the_number_with_the_approval(budi, hasan):
    address = sent_report(budi, period="2026-01", number="")
    page = hasan.get(head_address(address)).text
    assert 'name="number"' in page

    long = hasan.post(f"{head_address(address)}/persetujuan", {"number": "9" * 101})
    assert long.status_code == 422 and "9" * 101 in long.text
    hasan.post(f"{head_address(address)}/persetujuan", {"number": "B-9/2026"})

    page = budi.get(address).text
    assert re.search(r"<dt>Nomor</dt>\s*<dd>B-9/2026</dd>", page)
    assert "disetujui 2 Maret 2026 pukul 09.00 WIB" in page
    content = budi.get(f"{address}/laporan-disetujui.pdf").data
    first = budi.get(f"{address}/laporan.pdf").data
    assert content != first


def test_a_number_that_was_sent_is_not_asked_for_again(budi, hasan):
    address = sent_report(budi)

    assert 'name="number"' not in hasan.get(head_address(address)).text
