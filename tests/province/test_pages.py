"""The page of the province, and the screen on which offices are listed."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from pst.database import db, transaction
from pst.office.audit import AuditEntry
from pst.province import signing
from pst.province.contract import FIGURES, MonthlyFigures
from pst.province.districts import District, DistrictMonth
from tests.pages import Browser
from tests.province.conftest import FEBRUARY, SECRET

SCREEN, PAGE = "/admin/pengaturan/kantor-kabupaten", "/provinsi"
CODE = f"token-yang-dibuat.{signing.public_key(SECRET)}"


@pytest.fixture
def offices(app: Flask, at: Any) -> Callable[..., None]:
    """List offices whose figures of February came, or not (None)."""

    def put(**consultations: int | None) -> None:
        with app.app_context(), transaction():
            for name, count in consultations.items():
                row = District.put(name, f"https://{name}.test", "t", "k", 1)
                if count is not None:
                    values: dict[str, Any] = dict.fromkeys(FIGURES)
                    values["consultations"] = count
                    moment = datetime(2026, 3, 1, tzinfo=UTC)
                    document = MonthlyFigures(name, FEBRUARY, moment, values)
                    DistrictMonth.keep(row.id, document, "")

    return put


def names(text: str) -> list[str]:
    return re.findall(r'<th scope="row">(\w+)</th>', text)


def test_lines_are_sorted_by_any_column_without_scripts(app: Flask, offices: Any):
    offices(Cilacap=7, Demak=None, Batang=30)
    hasan = Browser(app).log_in("hasan")

    assert names(hasan.get(PAGE).text) == ["Batang", "Cilacap", "Demak"]
    rising = hasan.get(f"{PAGE}?urut=consultations").text
    assert names(rising) == ["Cilacap", "Batang", "Demak"]
    falling = hasan.get(f"{PAGE}?urut=consultations&arah=turun").text
    assert names(falling) == ["Batang", "Cilacap", "Demak"]
    assert 'aria-sort="descending"' in falling


def test_the_head_is_led_there_where_offices_are_listed(app: Flask, offices: Any):
    hasan = Browser(app).log_in("hasan")
    assert 'href="/provinsi"' not in hasan.get("/ketua").text

    offices(Cilacap=7)
    assert 'href="/provinsi"' in hasan.get("/ketua").text


def test_what_is_awaited_missing_or_late_is_told(app: Flask, offices: Any, at: Any):
    offices(Cilacap=7, Demak=None)
    at("2026-03-05 23:59+07:00")
    hasan = Browser(app).log_in("hasan")
    assert "1 ditunggu" in hasan.get(PAGE).text
    at("2026-03-06 00:00+07:00")
    page = hasan.get(PAGE).text
    assert "1 belum masuk" in page and "terlambat" not in page.partition("<table>")[0]

    offices(Demak=9)
    page = hasan.get(PAGE).text
    assert "2 dari 2 kantor masuk, 1 terlambat" in " ".join(page.split())


def test_an_office_listed_later_is_not_late(app: Flask, offices: Any, at: Any):
    at("2026-03-08 09:00+07:00")
    offices(Cilacap=7)
    hasan = Browser(app).log_in("hasan")

    assert "1 dari 1 kantor masuk." in " ".join(hasan.get(PAGE).text.split())


def test_the_file_has_the_same_lines(app: Flask, offices: Any):
    offices(Cilacap=7, Demak=None)
    hasan = Browser(app).log_in("hasan")

    answer = hasan.get(f"{PAGE}/unduhan?urut=consultations&bentuk=internasional")

    lines = answer.get_data(as_text=True).removeprefix("\ufeff").splitlines()
    assert lines[0].startswith("office,period,consultations,")
    assert lines[1].startswith("Cilacap,2026-02,7,")
    assert lines[2].startswith("Demak,2026-02,,") and ",awaited," in lines[2]
    with app.app_context():
        last = db.session.scalars(db.select(AuditEntry).order_by(AuditEntry.id)).all()
        assert (last[-1].action, last[-1].subject) == ("export", "districts")


@pytest.mark.parametrize(
    "query", ["periode=2026-03", "periode=x", "urut=token", "arah=naik"]
)
def test_what_is_not_offered_is_refused(app: Flask, offices: Any, query: str):
    hasan = Browser(app).log_in("hasan")

    assert hasan.get(f"{PAGE}?{query}").status_code == 400
    assert hasan.get(f"{PAGE}/unduhan?{query}").status_code == 400


def test_thirty_five_lines_stay_small(app: Flask, offices: Any):
    offices(**{f"Kabupaten{n}": 1000 + n for n in range(35)})
    hasan = Browser(app).log_in("hasan")

    answer = hasan.get(PAGE, headers={"Accept-Encoding": "gzip"})

    assert len(answer.data) <= 6 * 1024


def test_an_office_is_listed_and_removed(app: Flask, at: Any):
    andi = Browser(app).log_in("andi")
    form = {"name": "BPS B", "address": "https://b.test/", "code": CODE}

    assert andi.post(SCREEN, form).status_code == 303
    assert "https://b.test" in andi.get(SCREEN).text
    assert CODE not in andi.get(SCREEN).text
    with app.app_context():
        (row,) = District.all()
        assert (row.address, row.token) == ("https://b.test", "token-yang-dibuat")

    andi.post(f"{SCREEN}/{row.id}/penghapusan")
    with app.app_context():
        assert District.all() == []


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("address", "http://b.test"),
        ("address", "ftp://b.test"),
        ("address", "https://siti:x@b.test"),
        ("address", "https://b.test/?a=b"),
        ("address", "https://[b"),
        ("address", "https://b.test:x"),
        ("code", "token"),
        ("code", "token.pendek"),
        ("code", f"to ken.{signing.public_key(SECRET)}"),
        ("code", f".{signing.public_key(SECRET)}"),
        ("name", ""),
    ],
)
def test_what_is_wrong_is_said_and_kept(app: Flask, at: Any, field: str, text: str):
    andi = Browser(app).log_in("andi")
    form = {"name": "BPS B", "address": "https://b.test", "code": CODE, field: text}

    answer = andi.post(SCREEN, form)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    with app.app_context():
        assert District.all() == []


def test_a_press_asks_one_office_now(app: Flask, served: str, listed: Any):
    id = listed(served)
    andi = Browser(app).log_in("andi")

    andi.post(f"{SCREEN}/{id}/pengambilan")

    assert "angkanya sudah diambil" in andi.get(SCREEN).text
    cells = re.findall(r'<td class="num">\s*(\S+?)\s*</td>', andi.get(PAGE).text)
    assert cells[0] == "54"
