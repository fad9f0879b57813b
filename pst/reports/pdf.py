"""The report as an official letter in PDF, set by typst."""

import json
import re
import subprocess
import sys
import unicodedata
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from pst import options, plain_text
from pst.formatting import day, moment
from pst.reports.charts import chart
from pst.reports.layout import label, layout, theme_text
from pst.reports.models import fingerprint
from pst.reports.queries import Contents
from pst.reports.tables import Section, Table

TEMPLATE = options.DATA / "report.typ"
TYPESETTER = Path(__file__).with_name("typesetter.py")
TIMEOUT_S = 60
FONT = "Libertinus Serif"
# Wider than this many rows a chart says all, and its table is left out.
ROWS_BESIDE_CHART = 7
NOTHING = "–"
LONG_WORD = re.compile(r"\S{40,}")
# What belongs to the sign before it, besides marks: skin colours, tags, flags.
FOLLOWER = re.compile(
    "[\u200d\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
# Pictures, and what only programs read.
DRAWN = {"chart", "alt", "title", "author", "at"}


class NotSet(RuntimeError):
    """typst could not set the report; the text is its own."""


def pdf(contents: Contents) -> bytes:
    """Set the report; a draft is marked as such. Takes some tenths of a second."""
    return typeset(told(contents), contents.as_of)


def typeset(told: dict[str, Any], at: datetime) -> bytes:
    """Have typst set what is told; the same input gives the same bytes.

    In a process of its own: typst keeps tens of megabytes for itself once it ran.
    """
    told = {"at": int(at.timestamp()), "is_replaced": False, **breakable(told)}
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(TYPESETTER), str(TEMPLATE)],
            input=json.dumps(told).encode(),
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotSet(f"not set within {TIMEOUT_S} s") from error
    if done.returncode:
        raise NotSet(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout


def told(contents: Contents) -> dict[str, Any]:
    """Write down everything that the letter tells, as text."""
    frozen, letter = contents.frozen, contents.letter
    heads = layout()["letter"]
    dated = day(date.fromisoformat(frozen["dated"]))
    return {
        "title": f"{letter['subject']} – {frozen['period']}",
        "author": frozen["author"],
        "heads": heads,
        "letter": letter,
        "contacts": [letter[key] for key in ("email", "website") if letter[key]]
        or [letter["unit_name"]],
        "number": frozen["number"] or "–",
        "period": frozen["period"],
        "place_and_date": f"{letter['city']}, {dated}" if letter["city"] else dated,
        "addressee": [
            heads["to"].format_map(letter),
            letter["office_name"],
            heads["at"],
        ],
        "early": early(contents),
        "opening": heads["short"].format_map(frozen),
        "signers": [
            {
                "lines": [heads["approves"], letter["team_head_title"]],
                "name": frozen["head"],
            },
            {
                "lines": [letter["letter_signer"], letter["office_name"]],
                "name": frozen["author"],
            },
        ],
        "short": [row[:2] for row in contents.tables[0].written],
        "copies": [c.strip() for c in letter["letter_copies"].split(";") if c.strip()],
        "sections": [_section(part, contents) for part in contents.sections],
        "recommendation_heads": heads["recommendation_heads"],
        "definitions": [
            {"title": table.title, "text": table.definition}
            for table in contents.tables
        ],
        "nothing": heads["nothing"],
        "footer": heads["footer"].format_map({**frozen, **letter}),
        "fingerprint": heads["fingerprint"].format(fingerprint(frozen)),
        "mark": heads["draft"] if contents.is_marked else "",
    }


def early(contents: Contents) -> str:
    """Tell until when was counted, of a period that was not over."""
    if not contents.is_early:
        return ""
    told = {"as_of": moment(contents.as_of), "last": day(contents.report.period.last)}
    return layout()["letter"]["early"].format_map(told)


def _section(part: Section, contents: Contents) -> dict[str, Any]:
    words = contents.words.get(part.id, "")
    is_last = part.id == "conclusion"
    return {
        "title": part.title,
        "words": contents.letter["basis"] if part.id == "basis" else paragraphs(words),
        "tables": [_table(each) for each in part.tables if not each.is_annex],
        "quotes": [
            {"quote": row["quote"], "about": _about(row)}
            for row in (contents.quotes if part.id == "comments" else ())
        ],
        "recommendations": [
            [str(n), row["text"], row["person"] or "–", row["by"] or "–"]
            for n, row in enumerate(contents.words.get("recommendations", ()), 1)
            if is_last
        ],
    }


def _table(table: Table) -> dict[str, Any]:
    drawn = chart(table, font=FONT)
    return {
        "title": table.title,
        "heads": [column.text for column in table.columns],
        "wide": next((n for n, c in enumerate(table.columns) if c.is_prose), 0),
        "numeric": [column.is_number for column in table.columns],
        "rows": [[cell or NOTHING for cell in row] for row in table.written],
        "bars": table.bars,
        "chart": drawn or "",
        "alt": f"{table.title}: " + "; ".join(" ".join(r[:2]) for r in table.written),
        "only_chart": bool(drawn) and len(table.rows) > ROWS_BESIDE_CHART,
    }


def _about(row: dict[str, Any]) -> str:
    told = theme_text(row["theme"]), label("category", row["category"]), row["score"]
    return layout()["letter"]["quoted"].format(*told)


def paragraphs(text: str) -> list[str | dict[str, Any]]:
    """Split what an officer wrote at empty lines; a pasted table is one by itself."""
    written: list[str | dict[str, Any]] = []
    for part in plain_text.parts(text):
        if not isinstance(part, plain_text.Table):
            written += [each.strip() for each in part.split("\n\n") if each.strip()]
        elif part.is_too_large:
            written += part.lines
        else:
            columns = range(part.width)
            numeric = [at in part.numeric for at in columns]
            written.append({"rows": plain_text.padded(part), "numeric": numeric})
    return written


def breakable(told: Any) -> Any:
    """Let every long word be broken, so that none leaves the page."""
    if isinstance(told, str):
        return LONG_WORD.sub(_with_breaks, told)
    if isinstance(told, dict):
        return {k: v if k in DRAWN else breakable(v) for k, v in told.items()}
    return [breakable(each) for each in told] if isinstance(told, list) else told


def _with_breaks(found: re.Match[str]) -> str:
    word = found[0]
    return word[0] + "".join(
        after if _belongs(before, after) else f"\u200b{after}"
        for before, after in pairwise(word)
    )


def _belongs(before: str, after: str) -> bool:
    """Return whether both are one sign as it is seen."""
    is_mark = unicodedata.category(after).startswith("M")
    return is_mark or before == "\u200d" or bool(FOLLOWER.match(after))
