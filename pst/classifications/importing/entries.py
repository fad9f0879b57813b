"""One code as a list has it, before anything is checked or written."""

from dataclasses import dataclass, field

from pst.classifications import descriptions
from pst.text import html_text


@dataclass
class CodeEntry:
    """A row of a list; `level` is "" where only the code's length can say it."""

    place: str
    code: str
    title: str = ""
    description: str = ""
    excludes: str = ""
    examples: tuple[str, ...] = ()
    level: str = ""
    parent: str | None = None
    # The edition that the row names itself, as "kbli-2020".
    edition: str | None = None
    # The code was a number in a spreadsheet and may have lost its zeros.
    is_number: bool = False
    further: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the description with the lines that continued it."""
        return "\n".join(filter(None, [self.description, *self.further]))

    def parts(self) -> descriptions.Description:
        """Return what it covers, what not, and its examples."""
        split = descriptions.split(html_text.text_of(self.text))
        own_excludes = html_text.text_of(self.excludes)
        excludes = "\n".join(filter(None, [split.excludes, own_excludes]))
        examples = tuple(dict.fromkeys([*self.examples, *split.examples]))
        return descriptions.Description(split.covers, excludes, examples)

    @property
    def clean_title(self) -> str:
        return " ".join(html_text.text_of(self.title).split())
