"""The choices of a field, in the form in which WTForms wants them."""

from collections.abc import Iterable

from wtforms import SelectChoice


def choices_from(
    pairs: Iterable[tuple[str, str]], group: str | None = None
) -> list[SelectChoice]:
    """Return (value, text) pairs as choices of a field, under a heading if given."""
    return [SelectChoice(value, text, optgroup=group) for value, text in pairs]
