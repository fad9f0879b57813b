"""The rows of the tables on ratings, the survey, comments and follow-ups."""

from collections.abc import Iterable
from typing import Any

from pst import reference_lists
from pst.reports.layout.cells import Row, local_day, part
from pst.reports.layout.texts import label, layout, theme_text
from pst.reports.periods import Period


def score(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    counts = figures["ratings"]["score"]
    for score, text in reversed(reference_lists.choices("scores")):
        if score not in counts:
            return  # shown in two groups instead
        n = counts[score]
        yield [f"{score} – {text}", n, part(n, figures["ratings"]["count"])]


def trend(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    for code, month in figures["trend"].items():
        yield [Period.parse(code).text, month["mean"], month["count"]]


def needs(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    total = sum(figures["needs"].values())
    if total:
        for code, n in figures["needs"].items():
            yield [reference_lists.text_of("needs", code), n, part(n, total)]


def survey(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    for each in figures["survey"]["elements"]:
        values = each["value"], each["mean"], each["answers"], each["grade"]
        yield [each["name"], *values]


def themes(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    for row in figures["themes"]:
        yield [theme_text(row["theme"]), row["count"], row["mean"]]


def comments(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    for row in figures["comments"]:
        yield [
            row["score"],
            label("category", row["category"]),
            theme_text(row["theme"]),
            row["text"],
        ]


def follow_up_service(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    totals = figures["follow_ups"]
    text = layout()["tables"]["follow_up_service"]["rows"]["sent"]
    yield [text, totals["within"], totals["late"], totals["share"]]


def follow_up_list(figures: dict[str, Any], words: dict[str, Any]) -> Iterable[Row]:
    for row in figures["follow_up_list"]:
        yield [
            row["number"],
            label("cause", row["cause"]),
            local_day(row["opened_at"]),
            label("progress", row["progress"]),
            row["resolution"],
        ]
