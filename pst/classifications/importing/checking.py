"""A whole list checked before any of it is written."""

from collections.abc import Iterable
from dataclasses import dataclass

from pst.classifications.families import Family, name_of, named_in
from pst.classifications.importing.entries import CodeEntry
from pst.classifications.importing.zeros import Restorer
from pst.classifications.models import TEXT_LENGTH, TITLE_LENGTH
from pst.list_files.problems import Findings
from pst.text import html_text


@dataclass(frozen=True)
class ValidCode:
    """One code that may be written."""

    code: str
    depth: int
    title: str
    covers: str
    excludes: str
    examples: tuple[str, ...]
    parent: str | None


@dataclass
class EditionChecker:
    """Checks the entries of one edition, in their order."""

    slug: str
    family: Family
    findings: Findings

    def all(self, entries: Iterable[CodeEntry]) -> list[ValidCode]:
        """Return the codes. Raises `BadList` with every line that is wrong."""
        restorer = Restorer(self.family, self.findings)
        by_code: dict[str, ValidCode] = {}
        places: dict[str, str] = {}
        section: str | None = None
        for entry in entries:
            self._check_edition(entry)
            code = restorer.read(entry)
            depth = self.family.depth(code)
            if depth is None:
                self._refuse_code(entry)
            elif code in places:
                self.findings.refuse_second(entry.place, code, places[code])
            else:
                places[code] = entry.place
                section = code if len(code) == 1 else section
                parent = self._parent(code, entry, section)
                by_code[code] = self._check_entry(entry, code, depth, parent)
        self._check_tree(by_code, places)
        self.findings.raise_any()
        return list(by_code.values())

    def _check_edition(self, entry: CodeEntry) -> None:
        edition = entry.edition or ""
        if edition.isdigit():
            edition = f"{self.family.name} {edition}"
        others = named_in(edition) - {self.slug}
        if others:
            names = ", ".join(sorted(map(name_of, others)))
            reason = f"kode ini dari {names}, bukan {name_of(self.slug)}"
            self.findings.refuse(entry.place, reason)

    def _refuse_code(self, entry: CodeEntry) -> None:
        lengths = ", ".join(map(str, self.family.lengths))
        self.findings.refuse(
            entry.place,
            f"“{entry.code[:20]}” bukan kode {self.family.name} (panjangnya {lengths})",
        )

    def _parent(self, code: str, entry: CodeEntry, section: str | None) -> str | None:
        digits = self.family.parent_of(code)
        if digits is not None:
            if entry.parent and entry.parent.lstrip("0") != digits.lstrip("0"):
                reason = f"induk {entry.parent} tidak sesuai dengan kode {code}"
                self.findings.refuse(entry.place, reason)
            return digits
        if self.family.has_sections and len(code) == 2:
            return entry.parent or section
        return None

    def _check_entry(
        self, entry: CodeEntry, code: str, depth: int, parent: str | None
    ) -> ValidCode:
        title, parts = entry.clean_title, entry.parts()
        if not title:
            self.findings.refuse(entry.place, f"kode {code} tidak mempunyai judul")
        if len(title) > TITLE_LENGTH:
            reason = f"judul kode {code} lebih dari {TITLE_LENGTH} huruf"
            self.findings.refuse(entry.place, reason)
        if len(parts.covers) + len(parts.excludes) > TEXT_LENGTH:
            self.findings.refuse(entry.place, f"uraian kode {code} terlalu panjang")
        if html_text.has_markup(entry.title + entry.text):
            self.findings.note(entry.place, f"tanda HTML pada kode {code} dibuang")
        return ValidCode(
            code, depth, title, parts.covers, parts.excludes, parts.examples, parent
        )

    def _check_tree(
        self, by_code: dict[str, ValidCode], places: dict[str, str]
    ) -> None:
        """Find orphans, once for each missing parent's first child and all others."""
        if not by_code and not self.findings.count:
            self.findings.refuse("", "Tidak ada satu kode pun dalam berkas ini.")
        has_sections = any(each.depth == 1 for each in by_code.values())
        for code, each in by_code.items():
            is_top = each.depth == 1 or (
                self.family.has_sections and each.depth == 2 and not has_sections
            )
            if is_top or each.parent in by_code:
                continue
            missing = each.parent or "kategori"
            reason = f"induk {missing} dari kode {code} tidak ada dalam daftar"
            self.findings.refuse(places[code], reason)
