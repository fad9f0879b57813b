"""Words as people chat, much of it Javanese ("piye carane"), and what they mean."""

from pst.reference_lists import DATA

# What Javanese adds to a noun where Indonesian adds "nya" or nothing.
JAVANESE_ENDINGS = ("nipun", "ipun", "ne", "e")
MIN_BASE = 4


def _spellings() -> dict[str, tuple[str, ...]]:
    lines = (DATA / "chat_spellings.txt").read_text().splitlines()
    pairs = (line.split(": ") for line in lines if line and line[0] != "#")
    return {
        spelling: tuple(formal.split())
        for formal, spellings in pairs
        for spelling in spellings.split()
    }


FORMAL = _spellings()


def formal(word: str) -> tuple[str, ...]:
    """Return the words that one of chat stands for; none when it is no such word."""
    return FORMAL.get(word, ())


def without_javanese_ending(word: str) -> list[str]:
    """Return what "carane" and "kantore" may be made from."""
    return [
        word[: -len(ending)]
        for ending in JAVANESE_ENDINGS
        if word.endswith(ending) and len(word) - len(ending) >= MIN_BASE
    ]
