"""What became of the rows of a list that was imported."""

from dataclasses import dataclass, field

from pst.list_files.problems import Findings


@dataclass
class ImportOutcome:
    """The codes or regions by what became of them, and what was read otherwise."""

    findings: Findings
    made: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    same: int = 0

    @property
    def counts(self) -> dict[str, int]:
        return {
            "made": len(self.made),
            "changed": len(self.changed),
            "withdrawn": len(self.withdrawn),
            "same": self.same,
        }
