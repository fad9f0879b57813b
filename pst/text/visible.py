"""Which characters show nothing, so that a field with only such ones is empty."""

import re
import unicodedata

# Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties), and what is drawn as
# nothing though it is a letter, a symbol or a mark: the blank pattern of braille, the
# fillers, the null note head, the blanks and joiners of hieroglyphs.
UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\ufdd0-\ufdef\U00013430-\U00013442\U00016fe4\U0001bca0-\U0001bca3\U0001d159"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# What turns the direction of all that follows in a line, words of ours too: left out of
# what has one line (Unicode's embeddings, overrides and isolates).
TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# A blank or a control character; both are no sign of anything.
_BLANK = r"\s\x00-\x1f\x7f-\x9f"
_SEEN = re.compile(rf"[^{UNSEEN}{_BLANK}]")


def is_visible(text: str) -> bool:
    """Return whether there is something to see in `text`.

    A mark that stands on nothing, such as an accent alone, is nothing yet.
    """
    return any(
        not unicodedata.category(match[0]).startswith("M")
        for match in _SEEN.finditer(text)
    )
