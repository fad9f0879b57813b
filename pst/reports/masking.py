"""Take personal data out of what users wrote, before it is quoted in a report."""

import re

EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(\.[\w-]+)+\b")
# A NIK has 16 digits; a telephone number 9 to 15, with signs and spaces between.
NUMBER = re.compile(r"(?<![\w])\+?\d(?:[\s().-]?\d){8,15}(?!\w)")
LINK = re.compile(r"\bhttps?://\S+")
MASKS = ((EMAIL, "[email]"), (LINK, "[tautan]"), (NUMBER, "[nomor]"))
SHORTEST_NAME = 3


def masked(text: str, *names: str) -> str:
    """Write `text` without addresses, numbers and the given people's names."""
    for pattern, mask in MASKS:
        text = pattern.sub(mask, text)
    for name in names:
        plain = text.casefold()
        parts = [
            re.escape(part)
            for part in name.split()
            if len(part) >= SHORTEST_NAME and part.casefold() in plain
        ]
        if parts:
            either = "|".join(parts)
            text = re.sub(
                rf"\b(?:{either})(?:\s+(?:{either}))*\b", "[nama]", text, flags=re.I
            )
    return " ".join(text.split())
