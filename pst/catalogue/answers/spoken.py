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
    "terakhir": "trakhir terahir trahir",
    "terbaru": "trbaru tebaru teranyar anyar",
    "sekarang": "skrg skrng skrang skarang saiki sakniki",
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
    "sumatera utara": "sumut",
    "sumatera barat": "sumbar",
    "sumatera selatan": "sumsel",
    "kepulauan riau": "kepri",
    "kepulauan bangka belitung": "babel",
    "jawa barat": "jabar",
    "jawa tengah": "jateng",
    "jawa timur": "jatim",
    "dki jakarta": "dki",
    "yogyakarta": "diy jogja jogjakarta",
    "nusa tenggara barat": "ntb",
    "nusa tenggara timur": "ntt",
    "kalimantan barat": "kalbar",
    "kalimantan tengah": "kalteng",
    "kalimantan selatan": "kalsel",
    "kalimantan timur": "kaltim",
    "kalimantan utara": "kaltara",
    "sulawesi utara": "sulut",
    "sulawesi tengah": "sulteng",
    "sulawesi selatan": "sulsel",
    "sulawesi tenggara": "sultra",
    "sulawesi barat": "sulbar",
    "maluku utara": "malut",
}
FORMAL = {word: formal for formal, words in WRITTEN.items() for word in words.split()}
WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# "Q1", "tw3", "triwulan ke-2" and "semester pertama" are parts of a year.
ORDINALS = {"pertama": "1", "kedua": "2", "ketiga": "3", "keempat": "4"}
PART = re.compile(
    r"\b(tw|triwulan|q|kuartal|smt|semester)[\s.]*(?:ke\W?\s*)?"
    rf"(iv|i{{1,3}}|[1-4]|{'|'.join(ORDINALS)})\b",
    re.I,
)
SQUARE = re.compile(r"\b(k?m)\s+(?:persegi|kuadrat)\b", re.I)


@dataclass(frozen=True)
class Said:
    """A question in the words of tables, and the region that it surely names."""

    text: str
    region: str | None
    # The names of regions, as the list of regions has them.
    names: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a question; of several regions the smallest is meant."""
        mentions = gazetteer().mentions_in(text)
        sure = [each.place.code for each in mentions if each.is_sure]
        names = tuple(each.place.name for each in mentions)
        for mention in reversed(mentions):
            text = _renamed(text, mention)
        text = WORD.sub(lambda match: FORMAL.get(match[0].casefold(), match[0]), text)
        text = PART.sub(_part, SQUARE.sub(r"\g<1>2", text))
        return cls(text, max(sure, key=len, default=None), names)


def _part(match: re.Match[str]) -> str:
    number = match[2].casefold()
    return f"{match[1]} {ORDINALS.get(number, number)}"


def _renamed(text: str, mention: Mention) -> str:
    """Return `text` with the name that the region has now, where it has another."""
    if mention.is_current:
        return text
    return f"{text[: mention.start]}{mention.place.name}{text[mention.end :]}"
