"""What the service itself knows, for searches that ask for it: hours, address, people.

Such a search holds a word of each kind that its topic needs, and nothing else but words
that say little or name the office: "jam kerja buruh" is about statistics.
"""

import json
from dataclasses import dataclass

from pst.office.setting_values import Settings
from pst.reference_lists import DATA
from pst.search.language import indonesian

MAX_WORDS = 8
AGENCY = frozenset({"badan", "pusat", "statistik", "kabupaten", "kota", "kab"})


@dataclass(frozen=True)
class FactWords:
    """The words of one fact about the office."""

    name: str
    needs: list[set[str]]
    besides: set[str]

    def is_meant(self, words: set[str], ignorable: frozenset[str]) -> bool:
        if not all(words & group for group in self.needs):
            return False
        return not words - self.besides - ignorable - set().union(*self.needs)


def _topics() -> list[FactWords]:
    topics = json.loads((DATA / "service_topics.json").read_text())
    return [
        FactWords(name, [set(group) for group in each["needs"]], set(each["besides"]))
        for name, each in topics.items()
    ]


TOPICS = _topics()


def topic_of(text: str, office: Settings) -> str | None:
    """Return the topic that a search asks about, if the office has settled it."""
    words = set(indonesian.words(text[: 20 * MAX_WORDS]))
    if not 0 < len(words) <= MAX_WORDS:
        return None
    names = indonesian.words(f"{office.office_name} {office.unit_name} {office.city}")
    ignorable = AGENCY | indonesian.STOP_WORDS | set(names)
    is_settled = {
        "address": bool(office.address),
        "phone": bool(office.phone or office.email),
        "head": bool(office.head_name),
    }
    for topic in TOPICS:
        if is_settled.get(topic.name, True) and topic.is_meant(words, ignorable):
            return topic.name
    return None
