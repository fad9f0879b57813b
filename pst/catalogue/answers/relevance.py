"""Whether an item is about what a question asks, and what it lacks of it."""

from pst.catalogue.answers import breakdowns, periods, places
from pst.catalogue.answers.asking_words import (
    ANY_FIGURE,
    KINDS_OF_FIGURE,
    OF_MANY,
    PARTS_OF_PEOPLE,
    PEOPLE,
)
from pst.catalogue.answers.questions import AGE, Question
from pst.catalogue.documents import core_title
from pst.catalogue.figures import Series
from pst.catalogue.models import CatalogueItem
from pst.search import engine
from pst.search.language import indonesian


def is_of_something_else(
    question: Question,
    item: CatalogueItem,
    series: list[Series],
    shared: engine.Unmatched,
) -> bool:
    """Return whether an item shares words with a question, and does not answer it.

    Its title or a breakdown has a word of the question, not its abstract alone. "Jumlah
    petani" is no index of farmers, "jumlah desa" no table of villages, "penduduk" not
    the poor, nor those of 15 years and more all people.
    """
    is_named = breakdowns.are_named(question, series, item.title_en)
    is_index = not item.unit and unasked(shared) - KINDS_OF_FIGURE
    core_words = indonesian.words(core_title(item.title))
    is_of_part = PEOPLE in map(indonesian.stem, core_words) and not (
        PARTS_OF_PEOPLE.isdisjoint(unasked(shared))
    )
    is_of_all = question.asks_age and not AGE.search(_text(item, series))
    return bool(
        (shared.is_title_unasked and not is_named)
        or (question.asks_number and is_index)
        or question.may_ask_for_goods({each.area for each in series})
        or not all(kind in " ".join(core_words) for kind in question.kinds_counted)
        or is_of_part
        or is_of_all
    )


def unasked(shared: engine.Unmatched) -> set[str]:
    """Return the stems of a title that were not asked for, and say what it is about."""
    return set(shared.in_title) - ANY_FIGURE


def lacking(
    question: Question,
    item: CatalogueItem,
    series: list[Series],
    shared: engine.Unmatched,
) -> list[str]:
    """Return the words asked for that an item lacks, and that ask for something."""
    of_unit = indonesian.words(item.unit.replace("²", " "))
    of_all = question.kinds_alone & OF_MANY
    missing = [
        word
        for word in shared.lacking
        if word not in ANY_FIGURE
        and (word in of_all or not places.is_about_a_place(word))
        and word not in of_unit
        and not (question.part and periods.is_part_word(word))
    ]
    return missing + _like_names(question, item, series)


def _like_names(
    question: Question, item: CatalogueItem, series: list[Series]
) -> list[str]:
    """Return the words asked for that an item has only as the stem of an area's name.

    "Susu" is no word of a table that has the kecamatan Susukan.
    """
    names = {name for each in series for name in places.name_of(each.area)}
    words = [word for word in question.words if _is_stem_of_any(word, names)]
    own_stems = set(indonesian.stems(_text(item, series))) if words else set()
    return [word for word in words if indonesian.stem(word) not in own_stems]


def _is_stem_of_any(word: str, names: set[str]) -> bool:
    """Return whether a word, itself no name, has the stem of one."""
    stem = indonesian.stem(word)
    longer = [name for name in names if stem in name]
    return any(indonesian.stem(name) == stem for name in longer) and not any(
        places.alike(name, word) for name in longer
    )


def _text(item: CatalogueItem, series: list[Series]) -> str:
    parts = {each.breakdown for each in series}
    return f"{item.title} {item.abstract} {item.title_en} {' '.join(parts)}"


def is_other_kind(item: CatalogueItem, unasked: set[str]) -> bool:
    """Return whether an item is about a share or a rate that was not asked for."""
    stems = indonesian.stems(core_title(item.title))
    kinds = KINDS_OF_FIGURE.intersection(stems)
    return bool(kinds) and kinds <= unasked
