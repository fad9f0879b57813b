"""The scripts ask for nothing that the oldest promised browsers do not have.

Chrome 86, Firefox 90 and Safari 15: what a newer one brought is listed here with the
version that lacks it last, and found by its name.
"""

import re

import pytest

from pst.web.assets import BUNDLES, SOURCE

# What may not stand in a script, unless it is asked for first, as in `a.b?.()`.
TOO_NEW = {
    "FormData with the pressed button (Chrome 111, Firefox 110, Safari 16.3)": (
        r"new FormData\([^()]+,"
    ),
    "lookbehind (Safari 16.3)": r"\(\?<[=!]",
    "at() (Chrome 91, Safari 15.3)": r"\.at\(",
    "findLast() (Chrome 96)": r"\.findLast(Index)?\(",
    "Object.hasOwn, groupBy, fromAsync": r"Object\.hasOwn|\.groupBy\(|\.fromAsync\(",
    "toSorted() and its kin (Chrome 109)": r"\.(toSorted|toReversed|toSpliced|with)\(",
    "structuredClone (Chrome 97, Safari 15.3)": r"structuredClone",
    "crypto.randomUUID (Chrome 91, Safari 15.3)": r"randomUUID",
    "requestSubmit (Safari 15.6)": r"\.requestSubmit\(",
    "AbortSignal.timeout, any (Chrome 102)": r"AbortSignal\.(timeout|any)",
    "Promise.withResolvers (Chrome 118)": r"withResolvers",
    "checkVisibility (Chrome 104)": r"\.checkVisibility\(",
    "private names asked for by `in` (Chrome 90)": r"#\w+ in ",
    "class static blocks (Chrome 93)": r"\bstatic ?\{",
    "selectors :is, :where, :has (Chrome 87)": r"""["'`][^"'`\n]*:(is|where|has)\(""",
    "a list in :not (Chrome 87)": r""":not\([^()"'`]*,""",
}
SCRIPTS = sorted(
    {part for parts in BUNDLES.values() for part in parts if ".js" in part}
)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_runs_in_the_oldest_promised_browsers(script: str):
    text = (SOURCE / script).read_text()

    for what, pattern in TOO_NEW.items():
        found = re.search(pattern, text)
        near = found and text[max(0, found.start() - 40) : found.end() + 40]
        assert not found, f"{script}: {what}: {near!r}"


def test_a_dialog_is_asked_for_before_it_is_shown():
    text = (SOURCE / "desk.js").read_text()

    assert "?.showModal)" in text
    assert "dialog:not([open])" in (SOURCE / "app.css").read_text()
