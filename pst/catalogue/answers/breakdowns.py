"""Which breakdown of a table a question names: laki-laki, SMP, industri."""

from pst.catalogue.answers.questions import Question
from pst.catalogue.figures import Series
from pst.search.language import indonesian


def best(question: Question, series: list[Series]) -> Series:
    """Return the series whose breakdown the question names, or that of the total.

    Of a year as a whole and its parts the question chooses, or what is newer.
    """
    stems = _stems(question)
    counts = {
        each.breakdown: len(stems & set(indonesian.stems(each.breakdown)))
        for each in series
        if not each.is_total
    }
    most = max(counts.values(), default=0)
    # Of two that are named alike ("laki-laki dan perempuan") neither is meant alone.
    is_one = list(counts.values()).count(most) == 1

    def fit(each: Series) -> tuple[object, ...]:
        count = counts.get(each.breakdown, 0) if is_one else 0
        has_part = each.is_of_parts or not question.part
        return count, each.is_total, has_part, each.years[-1], not each.is_of_parts

    return max(series, key=fit)


def are_named(question: Question, series: list[Series], title_en: str) -> bool:
    """Return whether a breakdown ("smp", "laki-laki") or the English title is named."""
    stems = _stems(question)
    if any(len(w) > 3 and w in question.words for w in indonesian.words(title_en)):
        return True
    return any(stems.intersection(indonesian.stems(each.breakdown)) for each in series)


def _stems(question: Question) -> set[str]:
    # "Laki2" is written for "laki-laki".
    return {indonesian.stem(word.removesuffix("2")) for word in question.words}
