"""What users wrote of the service: its theme in the report, and what is quoted."""

import pytest

from tests.pages import hidden
from tests.steps import (
    REPORT,
    consulted,
    drafted,
    rate,
    send_report,
)


def test_a_quote_decided_since_the_preview_stops_the_sending(budi, siti):
    rate(siti, consulted(siti, budi), "Jawabannya lama.")
    address = drafted(budi, period="2026-03")
    budi.post(f"{address}/isian", REPORT)
    value = hidden(budi.get(f"{address}/pratinjau").text, "seen")
    quote(budi, address, "Jawabannya lama.")

    assert budi.post(f"{address}/pengiriman", {"seen": value}).status_code == 409
    assert send_report(budi, address).status_code == 303


def test_a_comment_gets_its_theme_and_is_quoted(budi, siti):
    rate(siti, consulted(siti, budi), "Jawabannya lama, hubungi siti@contoh.test.")
    address = drafted(budi, period="2026-03")

    page = budi.get(f"{address}/umpan-balik").text
    assert "0 dari 1 umpan balik" in page
    assert 'selected value="speed"' in page
    answer = budi.post(
        f"{address}/umpan-balik",
        {
            "comments-0-rating": hidden(page, "comments-0-rating"),
            "comments-0-theme": "speed",
            "comments-0-is_quoted": "y",
            "comments-0-quote": "Jawabannya lama, kata siti@contoh.test.",
        },
    )

    assert answer.status_code == 303
    preview = budi.get(f"{address}/pratinjau").text
    assert "“Jawabannya lama, kata [email].”" in preview
    assert "Kecepatan pelayanan" in preview


def test_a_comment_of_another_period_cannot_be_decided(budi, siti):
    rate(siti, consulted(siti, budi), "Lama.")
    march = drafted(budi, period="2026-03")
    rating = hidden(budi.get(f"{march}/umpan-balik").text, "comments-0-rating")
    february = drafted(budi)

    form = {"comments-0-rating": rating, "comments-0-theme": "other"}

    assert budi.post(f"{february}/umpan-balik", form).status_code == 404


NO_NUMBERS = ("abc", "²", "1x", "٣", "9" * 5000, "-1", "")


@pytest.mark.parametrize("rating", NO_NUMBERS, ids=lambda text: text[:5])
def test_a_rating_that_is_no_number_is_refused_and_nothing_is_lost(budi, siti, rating):
    rate(siti, consulted(siti, budi), "Lama.")
    address = drafted(budi, period="2026-03")
    value = hidden(budi.get(f"{address}/umpan-balik").text, "comments-0-rating")

    answer = budi.post(
        f"{address}/umpan-balik",
        {
            "comments-0-rating": rating,
            "comments-0-theme": "speed",
            "comments-1-rating": value,
            "comments-1-theme": "speed",
            "comments-1-is_quoted": "y",
            "comments-1-quote": "Jawabannya terlalu lama.",
        },
    )

    assert answer.status_code == 422
    assert "Belum tersimpan" in answer.text and "tidak dikenal" in answer.text
    assert "Jawabannya terlalu lama." in answer.text
    assert "0 dari 1 umpan balik" in budi.get(f"{address}/umpan-balik").text


def test_a_theme_that_is_none_is_refused_in_a_sentence(budi, siti):
    rate(siti, consulted(siti, budi), "Lama.")
    address = drafted(budi, period="2026-03")
    value = hidden(budi.get(f"{address}/umpan-balik").text, "comments-0-rating")

    answer = budi.post(
        f"{address}/umpan-balik",
        {"comments-0-rating": value, "comments-0-theme": "lain"},
    )

    assert answer.status_code == 422
    assert "Pilih salah satu tema." in answer.text


@pytest.mark.parametrize("place", ["²", "9" * 5000, "٣", "99999", "x", "-1"])
def test_a_field_that_is_none_of_ours_is_left_aside(budi, siti, place):
    rate(siti, consulted(siti, budi), "Lama.")
    address = drafted(budi, period="2026-03")
    strange = {
        f"{name}-{place}-{field}": "1"
        for name, field in (
            ("recommendations", "text"),
            ("late", "number"),
            ("comments", "rating"),
        )
    }

    assert budi.post(f"{address}/isian", {**REPORT, **strange}).status_code == 303
    assert "Tambah petugas pada hari Senin." in budi.get(address).text
    assert budi.post(f"{address}/umpan-balik", strange).status_code == 303


def quote(officer, address: str, text: str) -> None:
    """Quote the first comment of the period."""
    page = officer.get(f"{address}/umpan-balik").text
    form = {
        "comments-0-rating": hidden(page, "comments-0-rating"),
        "comments-0-theme": "speed",
        "comments-0-is_quoted": "y",
        "comments-0-quote": text,
    }
    assert officer.post(f"{address}/umpan-balik", form).status_code == 303
