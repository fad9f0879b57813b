"""Scripts and styles: short, of one purpose, without words, for the browsers promised.

Chrome 86, Firefox 90 and Safari 15: what a newer one brought is listed here with the
version that lacks it last, and found by its name.
"""

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from pst.web.assets import SCRIPTS, STYLES
from pst.web.bundles import SOURCE, modules, script, style

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
OURS = sorted((SOURCE / "js").rglob("*.js"))
SHEETS = sorted((SOURCE / "css").glob("*.css"))
VENDOR = sorted((SOURCE / "vendor").rglob("*.js"))
TEMPLATES = SOURCE.parent / "templates"
MAX_LINES, MAX_LINE = 130, 120
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
LITERAL = re.compile(r""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`""")
DECLARED = re.compile(
    r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE
)
# Addresses and selectors; and the keys of a keyboard, which a manual names too.
SELECTOR = re.compile(r"""[#.][a-z]|\[|^["'`]/""")
KEYS = {"Enter", "Escape", "Tab"}
WORD = re.compile(r"[A-Za-z]{3,}")
# A decision that hangs on what stands on the screen.
READS_WORDS = re.compile(
    r"(textContent|innerText|innerHTML)(\.trim\(\))?"
    r"( ?[!=]==? ?[\"'`]|\.(includes|startsWith|endsWith|match|indexOf)\()"
)


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def is_words(path: Path) -> bool:
    return path.stem == "words" or path.stem.endswith("_words")


def code_of(path: Path) -> str:
    return COMMENT.sub("", path.read_text())


@pytest.mark.parametrize("path", [*OURS, *VENDOR], ids=name_of)
def test_a_script_runs_in_the_oldest_promised_browsers(path: Path):
    text = path.read_text()

    for what, pattern in TOO_NEW.items():
        match = re.search(pattern, text)
        near = match and text[max(0, match.start() - 40) : match.end() + 40]
        assert not match, f"{what}: {near!r}"


def test_a_dialog_is_asked_for_before_it_is_shown():
    assert "?.showModal)" in (SOURCE / "js/desk/keys.js").read_text()
    assert "dialog:not([open])" in style(STYLES["pst.css"]).decode()


@pytest.mark.parametrize("path", [*OURS, *SHEETS], ids=name_of)
def test_a_script_and_a_sheet_have_one_purpose(path: Path):
    lines = path.read_text().splitlines()

    assert lines[0].startswith("/* "), "what it is for stands at its head"
    assert len(lines) <= MAX_LINES
    assert max(map(len, lines)) <= MAX_LINE


def seen_words() -> set[str]:
    """Return the words that pages show, as templates have them."""
    tag = re.compile(r"\{[{%#].*?[}%#]\}|<[^>]*>", re.DOTALL)
    texts = (tag.sub(" ", path.read_text()) for path in TEMPLATES.rglob("*.html"))
    return {word for text in texts for word in WORD.findall(text)}


def test_no_script_names_a_word_on_the_screen():
    """What a script shows stands among the words; what it looks for has a name."""
    seen = seen_words()
    assert {"Ambil", "Kirim", "belum"} <= seen
    named = {}
    for path in OURS:
        code = code_of(path)
        assert not READS_WORDS.search(code), path
        if is_words(path):
            continue
        for literal in LITERAL.findall(code):
            if SELECTOR.search(literal) or literal[1:-1] in KEYS:
                continue
            words = WORD.findall(literal)
            shown = [word in seen for word in words]
            capital = any(w[0].isupper() and w in seen for w in words)
            if capital or any(a and b for a, b in pairwise(shown)):
                named[name_of(path)] = literal

    assert not named


@pytest.mark.parametrize("path", [p for p in OURS if is_words(p)], ids=name_of)
def test_a_file_of_words_holds_words_only(path: Path):
    code = code_of(path)

    assert "import" not in code
    assert not re.search(r"document|window|querySelector|if \(", code)


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_is_joined_declares_each_name_once(name: str):
    """The modules of a bundle share one scope."""
    parts = modules(SCRIPTS[name][0])
    declared = Counter(
        each for part in parts for each in DECLARED.findall((SOURCE / part).read_text())
    )

    assert not [each for each, times in declared.items() if times > 1]


def test_no_module_is_left_out():
    entries = (entry for entry, _ in SCRIPTS.values())

    assert {name for entry in entries for name in modules(entry)} == {
        name_of(path) for path in OURS
    }
    parts = [part for sheet in STYLES.values() for part in sheet]
    assert sorted(parts) == [path.stem for path in SHEETS]


def test_a_bundle_is_one_script_without_modules():
    for entry, vendor in SCRIPTS.values():
        text = script(entry, vendor).decode()
        assert not re.search(r"^(import|export) ", text, re.MULTILINE)
        assert "/* " not in text.split("(()=>", 1)[1]


def test_colours_are_chosen_in_one_place():
    colour = re.compile(r"#[0-9a-fA-F]{3,8}\b|rgb|hsl")
    elsewhere = {
        path.name: colour.findall(COMMENT.sub("", path.read_text()))
        for path in SHEETS
        if path.stem not in ("tokens", "print", "forced_colours")
    }

    assert not {name: found for name, found in elsewhere.items() if found}


@pytest.mark.parametrize("path", SHEETS, ids=name_of)
def test_has_stands_in_no_list_of_selectors(path: Path):
    """Chrome before 105 and Firefox before 121 drop the whole rule with such a list."""
    text = COMMENT.sub("", path.read_text())
    selectors = re.findall(r"([^{}@;]+)\{", text)
    assert [
        each for each in selectors if re.search(r":has\(.*,\n|,\n.*:has\(", each)
    ] == []
