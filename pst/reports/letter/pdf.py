"""The report as an official letter in PDF, set by typst."""

import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pst import reference_lists
from pst.reports.layout.charts import chart
from pst.reports.layout.tables import ReportSection, Table
from pst.reports.layout.texts import label, layout, theme_text
from pst.reports.letter import words
from pst.reports.letter.approvals import qr_code
from pst.reports.letter.letter_form import letterhead, logo_svg, spaced
from pst.reports.letter.letter_words import breakable, paragraphs
from pst.reports.queries import Contents
from pst.reports.report_row import fingerprint
from pst.web.formats.formatting import day, moment
from pst.web.responses import link

TEMPLATE = reference_lists.DATA / "report.typ"
TYPESETTER = Path(__file__).with_name("typesetter.py")
TIMEOUT_S = 60
FONT = "Libertinus Serif"
# Over this many rows the chart says all, and the table is left out.
ROWS_WITH_CHART = 7
NOTHING = "–"

NOT_SET = (
    "Surat PDF laporan ini belum dapat disusun. Tulisan Anda tetap tersimpan, dan tidak"
    " ada yang terkirim. Sebutkan nomor rujukan ini kepada Admin TI."
)


class NotSet(RuntimeError):
    """typst could not set the report; the message is its own."""


def pdf(contents: Contents) -> bytes:
    """Set the report; a draft is marked as such. Takes some tenths of a second."""
    at = contents.approval.moment if contents.approval else contents.as_of
    return typeset(letter_text(contents), at)


def typeset(text: dict[str, Any], at: datetime) -> bytes:
    """Set the text of a letter with typst; the same input gives the same bytes.

    In a process of its own: typst keeps tens of megabytes for itself once it ran.
    """
    report = {"at": int(at.timestamp()), "is_replaced": False, **breakable(text)}
    try:
        result = subprocess.run(
            [sys.executable, "-I", str(TYPESETTER), str(TEMPLATE)],
            input=json.dumps(report).encode(),
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotSet(f"not set within {TIMEOUT_S} s") from error
    if result.returncode:
        raise NotSet(result.stderr.decode(errors="replace")[-2000:])
    return result.stdout


def letter_text(contents: Contents) -> dict[str, Any]:
    """Return everything that stands in the letter, as text."""
    frozen, letter = contents.frozen, contents.letter
    heads = layout()["letter"]
    return {
        **_head(contents, heads),
        "early": early(contents),
        "opening": heads["short"].format_map(frozen),
        "signers": _signers(contents, heads),
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
        "sealed": _sealed(contents, heads),
        "fingerprint": heads["fingerprint"].format(fingerprint(frozen)),
        "mark": heads["draft"] if contents.is_marked else "",
    }


def _head(contents: Contents, heads: dict[str, Any]) -> dict[str, Any]:
    frozen, letter = contents.frozen, contents.letter
    dated = day(date.fromisoformat(frozen["dated"]))
    return {
        "title": f"{letter['subject']} – {frozen['period']}",
        "author": frozen["author"],
        "heads": heads,
        "letter": letter,
        "letterhead": letterhead(letter),
        "logo": logo_svg(letter),
        "contacts": [letter[key] for key in ("email", "website") if letter[key]]
        or [letter["unit_name"]],
        "number": contents.number or "–",
        "period": frozen["period"],
        "place_and_date": f"{letter['city']}, {dated}" if letter["city"] else dated,
        "addressee": [
            heads["to"].format_map(letter),
            letter["office_name"],
            heads["at"],
        ],
    }


def _signers(contents: Contents, heads: dict[str, Any]) -> list[dict[str, Any]]:
    frozen, letter, approval = contents.frozen, contents.letter, contents.approval
    head = _signer(frozen["head"], frozen.get("head_nip", ""))
    if approval is not None:
        head = _signer(approval.name, approval.nip)
    return [
        {
            "lines": [heads["approves"], letter["team_head_title"]],
            **head,
            **_approved(contents, heads),
        },
        {
            "lines": [letter["letter_signer"], letter["office_name"]],
            **_signer(frozen["author"], frozen.get("author_nip", "")),
            "qr": "",
            "approved": "",
        },
    ]


def _signer(name: str, nip: str) -> dict[str, str]:
    return {"name": name, "nip": f"NIP {spaced(nip)}" if nip else ""}


def _approved(contents: Contents, heads: dict[str, Any]) -> dict[str, str]:
    """Return the mark of the approval: a QR code, and who and when in words."""
    if contents.approval is None:
        return {"qr": "", "approved": ""}
    return {
        "qr": qr_code(seal_address(contents)),
        "approved": heads["approved"].format(at=contents.approval.text),
    }


def seal_address(contents: Contents) -> str:
    """Return where anyone can see whether the letter is genuine."""
    assert contents.approval is not None
    seal = contents.approval.seal(fingerprint(contents.frozen))
    return link("authenticity.show", code=seal)


def _sealed(contents: Contents, heads: dict[str, Any]) -> str:
    """Return the line on every page that says how to check an approved letter."""
    if contents.approval is None:
        return ""
    about = {"at": contents.approval.text, "address": seal_address(contents)}
    return str(heads["sealed"].format(**about))


def early(contents: Contents) -> str:
    """Return until when was counted, for a period that was not over; else empty."""
    if not contents.is_early:
        return ""
    last = day(contents.report.period.last)
    text: str = layout()["letter"]["early"]
    return text.format_map({"as_of": moment(contents.as_of), "last": last})


def _section(part: ReportSection, contents: Contents) -> dict[str, Any]:
    text = contents.words.get(part.id, "")
    is_last = part.id == "conclusion"
    return {
        "title": part.title,
        "words": contents.letter["basis"] if part.id == "basis" else paragraphs(text),
        "tables": [_table(each) for each in part.tables if not each.is_annex],
        "quotes": [
            {"quote": row["quote"], "about": _about(row)}
            for row in (contents.quotes if part.id == "comments" else ())
        ],
        "recommendations": [
            [str(n), row["text"], row["person"] or "–", words.target(row["by"]) or "–"]
            for n, row in enumerate(contents.words.get("recommendations", ()), 1)
            if is_last
        ],
    }


def _table(table: Table) -> dict[str, Any]:
    svg = chart(table, font=FONT)
    return {
        "title": table.title,
        "heads": [column.text for column in table.columns],
        "wide": next((n for n, c in enumerate(table.columns) if c.is_prose), 0),
        "numeric": [column.is_number for column in table.columns],
        "rows": [[cell or NOTHING for cell in row] for row in table.written],
        "bars": table.bars,
        "chart": svg or "",
        "alt": f"{table.title}: " + "; ".join(" ".join(r[:2]) for r in table.written),
        "only_chart": bool(svg) and len(table.rows) > ROWS_WITH_CHART,
    }


def _about(row: dict[str, Any]) -> str:
    theme, category = theme_text(row["theme"]), label("category", row["category"])
    return layout()["letter"]["quoted"].format(theme, category, row["score"])
