"""Codes that a spreadsheet took for numbers: `01111` that lost its zero.

A list is in the order of its tree. So a number is the code with the zero if that has
its parent among the codes just read, and as it stands otherwise: `111` below `011` is
`0111`, and below `11` it is `111`.
"""

from dataclasses import dataclass, field

from pst.classifications.families import Family
from pst.classifications.importing.entries import CodeEntry
from pst.list_files.problems import Findings


@dataclass
class Restorer:
    """Reads codes one after the other, and remembers those above the last."""

    family: Family
    findings: Findings
    # The codes above the last one, by their length.
    above: dict[int, str] = field(default_factory=dict)

    def read(self, entry: CodeEntry) -> str:
        """Return the code that `entry` means, with its zero."""
        code = self._full_code(entry)
        if code != entry.code:
            reason = f"{entry.code} dibaca sebagai {code}: nol di depan hilang"
            self.findings.note(entry.place, reason)
        if self.family.depth(code):
            above = {n: c for n, c in self.above.items() if n < len(code)}
            self.above = above | {len(code): code}
        return code

    def _full_code(self, entry: CodeEntry) -> str:
        code, family = entry.code, self.family
        if not code.isdigit():
            return code
        depth = family.depth_named(entry.level)
        if depth:
            length = family.levels[depth - 1][0]
            return "0" + code if len(code) == length - 1 else code
        if not entry.is_number:
            return code
        longer = "0" + code
        if family.depth(longer) is None:
            return code
        if family.depth(code) is None or self._is_below(longer):
            return longer
        return code

    def _is_below(self, code: str) -> bool:
        parent = self.family.parent_of(code)
        if parent is None:
            return False
        return self.above.get(len(parent)) == parent
