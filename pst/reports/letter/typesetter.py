"""Set one report with typst; run as a program of its own by `pdf.py`.

Reads the text of the report as JSON from stdin, writes the PDF to stdout. Imports
nothing of ours, so that it starts at once.

What people typed may hold any character, and PDF/A refuses one that no font has. Only
typst knows which those are, and names all of them at once: they are replaced by a mark
that can be seen, and the letter is set again.
"""

import json
import re
import sys
import unicodedata
from pathlib import Path
from typing import Any

import typst

MARK = "□"
ROUNDS = 4
# Control characters, halves of pairs, private and unassigned codepoints.
NEVER_SET = {"Cc", "Cs", "Co", "Cn"}
LAYOUT = "\n\t\r"
# What belongs to the sign before it: variants, skin colours, tags, the key cap.
FOLLOWERS = "\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"
JOINER = "\u200d"
NAMED = re.compile(r'error: PDF/A[^"`]*(?:text|codepoint) `"((?:[^"\\]|\\.)*)"`')
ESCAPED = re.compile(r"\\(?:u\{([0-9a-f]+)\}|(.))")
# Latin letters and what is printed with them: every font has these.
LATIN = re.compile(r"[\n\t\r\x20-\x7e\xa0-\u017f–—‘’“”„…•−×□]")


def main() -> None:
    report = json.load(sys.stdin)
    sys.stdout.buffer.write(set_report(report, Path(sys.argv[1]).read_bytes()))


def set_report(report: dict[str, Any], template: bytes) -> bytes:
    """Set the report, with a mark for every character that cannot be printed."""
    lacking = {c for c in _characters(report) if _is_never_set(c)}
    for _ in range(ROUNDS):
        try:
            return _set(report, lacking, template)
        except typst.TypstError as error:
            more = missing_characters(error.diagnostic) - lacking
            if not more:
                break
            lacking |= more
    others = {c for c in _characters(report) if not LATIN.match(c)}
    return _set(report, lacking | others, template)


def _set(report: dict[str, Any], lacking: set[str], template: bytes) -> bytes:
    if lacking:
        report = {**replaced(report, pattern_of(lacking)), "is_replaced": True}
    return typst.compile(
        template,
        # Only the fonts that come with typst: the same letter on every server.
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={"report": json.dumps(report, ensure_ascii=False)},
        timestamp=report["at"],
        format="pdf",
        pdf_standards=["a-2a"],
    )


def missing_characters(diagnostic: str) -> set[str]:
    """Return the characters typst could not set; a letter next to them stays."""
    characters: set[str] = set()
    for text in NAMED.findall(diagnostic):
        characters.update(ESCAPED.sub(_unescaped, text))
    return {c for c in characters if not LATIN.match(c)}


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else match[2]


def _is_never_set(character: str) -> bool:
    return unicodedata.category(character) in NEVER_SET and character not in LAYOUT


def _characters(value: Any) -> set[str]:
    if isinstance(value, str):
        return set(value)
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return set().union(*map(_characters, value))
    return set()


def pattern_of(lacking: set[str]) -> re.Pattern[str]:
    """Return what matches one sign: an emoji may be several joined characters."""
    one = "[" + "".join(map(re.escape, sorted(lacking))) + "]"
    return re.compile(f"{one}(?:[{FOLLOWERS}]|{JOINER}{one})*")


def replaced(value: Any, lacking: re.Pattern[str]) -> Any:
    """Return `value` with a mark for each sign that is `lacking` in its texts."""
    if isinstance(value, str):
        return lacking.sub(MARK, value)
    if isinstance(value, dict):
        return {key: replaced(each, lacking) for key, each in value.items()}
    if isinstance(value, list):
        return [replaced(each, lacking) for each in value]
    return value


if __name__ == "__main__":
    main()
