"""What is wrong with a list: each line with its reason, and all of them at once."""

from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_PROBLEMS = 200
NEITHER = "Berkas ini bukan XLSX atau CSV."


@dataclass(frozen=True)
class Problem:
    """One reason; `place` is a line, or a sheet and a line ("Kategori C!14")."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"Baris {self.place}: {self.reason}" if self.place else self.reason


class BadList(ValueError):
    """A list of which nothing was taken, with the reasons."""

    def __init__(self, problems: list[Problem], more: int = 0) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems, self.more = problems, more

    @classmethod
    def because(cls, reason: str, place: str = "") -> "BadList":
        """Return the refusal of a whole file for one reason."""
        return cls([Problem(place, reason)])


@dataclass
class Findings:
    """Problems and notes gathered while a list is read; bounded, but all counted."""

    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    count: int = 0

    def refuse(self, place: str, reason: str) -> None:
        self.count += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(place, reason))

    def refuse_second(self, place: str, code: str, first: str) -> None:
        """Refuse a code that stands at the place `first` already."""
        self.refuse(place, f"kode {code} sudah ada di baris {first}")

    def note(self, place: str, reason: str) -> None:
        """Note what was read in another way than it is written."""
        if len(self.notes) < MAX_PROBLEMS:
            self.notes.append(Problem(place, reason))

    def raise_any(self) -> None:
        """Raise `BadList` if anything is wrong."""
        if self.count:
            raise BadList(self.problems, self.count - len(self.problems))

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.problems)
