"""An index of the words in some columns of a table, which the database keeps itself."""

from dataclasses import dataclass

# Around the words that matched, in a passage.
BEGIN_MARK, END_MARK = "\x02", "\x03"
PASSAGE_WORDS = 24


@dataclass(frozen=True)
class FullText:
    """The words of `columns` in `table`; both engines know the index by its name."""

    name: str
    table: str
    columns: tuple[str, ...]
