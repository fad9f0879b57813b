"""A question about figures in the words of tables: no abbreviations, no old names.

People write *org*, *cewe*, *taun wingi* and *km persegi*, and call a kecamatan by a
name or a spelling that no table has.
"""

import re
from dataclasses import dataclass
from typing import Self

from pst.regions.resolving import Mention, gazetteer

WRITTEN = {
    "perempuan": "cewe cewek wanita wadon wedok putri pr prp",
    "laki-laki": "cowo cowok lanang pria laki2 laki lakilaki lk",
    "orang": "org wong tiyang",
    "penduduk": "pnddk pddk pndduk pnduduk penddk",
    "tahun": "taun",
    "kemarin": "wingi kmrn kmarin",
    "berapa": "piro pira pinten brapa",
    "di": "neng nang ning ndek wonten",
    "dengan": "karo kaliyan",
    "jumlah": "cacah cacahing cacahe jmlh",
    "hektare": "ha hektar",
    "persen": "prosen",
    "rata-rata": "rata2 rerata",
    "rumah tangga": "kk ruta",
    "per kapita": "perkap perkapita percapita",
    "ribu": "rb",
    "juta": "jt",
    "miliar": "milyar milliar",
    "triliun": "trilyun",
}
FORMAL = {word: formal for formal, words in WRITTEN.items() for word in words.split()}
WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
SQUARE = re.compile(r"\b(k?m)\s+(?:persegi|kuadrat)\b", re.I)


@dataclass(frozen=True)
class Said:
    """A question in the words of tables, and the region that it surely names."""

    text: str
    region: str | None

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a question; of several regions the smallest is meant."""
        mentions = gazetteer().mentions_in(text)
        sure = [each.place.code for each in mentions if each.is_sure]
        for mention in reversed(mentions):
            text = _renamed(text, mention)
        text = WORD.sub(lambda match: FORMAL.get(match[0].casefold(), match[0]), text)
        text = SQUARE.sub(r"\g<1>2", text)
        return cls(text, max(sure, key=len, default=None))


def _renamed(text: str, mention: Mention) -> str:
    """Return `text` with the name that the region has now, where it has another."""
    if mention.is_current:
        return text
    return f"{text[: mention.start]}{mention.place.name}{text[mention.end :]}"
