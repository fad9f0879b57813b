"""The JSON schema and the reader of the province hold the same against a document.

Who writes the other side from `docs/district-figures.schema.json` alone is understood.
"""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pst.province.contract import FIGURES, BadDocument, MonthlyFigures
from tests.province.documents import GOOD, figures, of

SCHEMA = Path(__file__).parents[2] / "docs" / "district-figures.schema.json"
CHECKER = jsonschema.Draft202012Validator(
    json.loads(SCHEMA.read_text()), format_checker=jsonschema.FormatChecker()
)
LARGEST = {key: most for key, (most, _) in FIGURES.items()}
WELL = [
    GOOD,
    of(office=""),
    of(office="Kantor “Ä” é"),
    of(office="BPS\u00a0Kabupaten"),
    of(office="a" * 200),
    of(period="2000-01"),
    of(counted_at="2026-03-02T08:00:00+07:00"),
    of(counted_at="2026-03-02T01:00:00Z"),
    figures(**dict.fromkeys(FIGURES)),
    figures(**dict.fromkeys(FIGURES, 0)),
    figures(**LARGEST),
    figures(consultations=60.0),
]
WRONG = [
    [],
    {},
    *({key: GOOD[key] for key in GOOD if key != name} for name in GOOD),
    of(names=[]),
    of(contract="pst-figures/2"),
    of(contract=None),
    of(office=None),
    of(office="a" * 201),
    of(office="a\nb"),
    of(office="a\u0000b"),
    of(office="a\u202eb"),
    of(period="2026-13"),
    of(period="2026-2"),
    of(period="1999-12"),
    of(period="2026-02\n"),
    of(period="２０２６-02"),
    of(period=202602),
    of(counted_at=7),
    of(figures=[]),
    of(figures={}),
    *(figures(**{key: most + 0.01}) for key, most in LARGEST.items()),
    *(figures(**{key: -0.01}) for key in FIGURES),
    *(figures(**{key: "1"}) for key in FIGURES),
    *(figures(**{key: True}) for key in FIGURES),
    *(figures(**{key: 0.5}) for key, (_, is_whole) in FIGURES.items() if is_whole),
    figures(names=1),
    of(figures={key: 1 for key in FIGURES if key != "ratings"}),
]


def is_read(document: Any) -> bool:
    try:
        MonthlyFigures.read(json.dumps(document).encode())
    except BadDocument:
        return False
    return True


@pytest.mark.parametrize(
    ("document", "is_well"),
    [*((each, True) for each in WELL), *((each, False) for each in WRONG)],
)
def test_schema_and_reader_say_the_same(document: Any, is_well: bool):
    assert (CHECKER.is_valid(document), is_read(document)) == (is_well, is_well)
