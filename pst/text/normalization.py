"""Unicode normalization of what people send, in a time that its length alone decides.

Normalizing sorts each run of combining marks, which for one long run takes minutes.
No script needs more than a few in a row; UAX #15 (stream-safe text) allows 30.
"""

import unicodedata

MAX_MARKS = 30
# Letters of their own that become combining marks when they are decomposed (NFKD).
LATE_MARKS = "\uff9e\uff9f"


def normalize(text: str, form: str = "NFC") -> str:
    """Return `text` in the normal `form`, with long runs of marks cut."""
    if text.isascii():
        return text
    return unicodedata.normalize(form, cut_marks(text))  # type: ignore[arg-type]


def cut_marks(text: str) -> str:
    """Leave out each mark that follows `MAX_MARKS` others without a letter between."""
    characters, run = [], 0
    for character in text:
        run = run + 1 if is_mark(character) else 0
        if run <= MAX_MARKS:
            characters.append(character)
    return "".join(characters)


def is_mark(character: str) -> bool:
    """Return whether normalizing may sort `character` among its neighbours."""
    return character in LATE_MARKS or unicodedata.category(character)[0] == "M"
