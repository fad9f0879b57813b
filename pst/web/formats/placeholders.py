"""Placeholders in braces, as `{nomor}`, in the texts of officers."""

import re
from collections.abc import Collection, Mapping

from wtforms import Field, Form
from wtforms.validators import ValidationError

# A name in braces, which something of the consultation replaces.
PLACE = re.compile(r"\{([^{}\n]{0,40})\}")
# A piece of a text, and whether it stands where a placeholder was.
Piece = tuple[str, bool]


def unfilled(text: str, names: Collection[str]) -> list[str]:
    """Return the placeholders in `text` that mean one of `names`, spelt as typed."""
    return [
        place[0]
        for place in PLACE.finditer(text)
        if "_".join(place[1].casefold().split()) in names
    ]


def pieces(body: str, values: Mapping[str, str]) -> list[Piece]:
    """Split a text at its placeholders, each filled; unknown ones stay.

    One pass: a name with braces in it is not filled again.
    """
    first, *rest = body.split("{")
    parts: list[Piece] = [(first, False)]
    for part in rest:
        name, closing, after = part.partition("}")
        if closing and name in values:
            parts += [(values[name], True), (after, False)]
        else:
            parts.append(("{" + part, False))
    return parts


def filled(body: str, values: Mapping[str, str]) -> str:
    """Return a text with its placeholders filled; unknown ones stay."""
    return "".join(text for text, _ in pieces(body, values))


class KnownPlaces:
    """Refuse a canned answer with a placeholder that nothing fills, as `{Nomor}`."""

    def __init__(self, names: Collection[str]) -> None:
        self.names = names

    def __call__(self, form: Form, field: Field) -> None:
        for place in PLACE.finditer(field.data or ""):
            if place[1] not in self.names:
                names = " ".join(f"{{{name}}}" for name in self.names)
                raise ValidationError(
                    f"“{place[0]}” tidak dikenal. Yang diganti sendiri: {names},"
                    " ditulis persis begitu."
                )


class NothingUnfilled:
    """Refuse a message to a user with a placeholder left, as `{nomor}`."""

    def __init__(self, names: Collection[str]) -> None:
        self.names = names

    def __call__(self, form: Form, field: Field) -> None:
        if places := unfilled(field.data or "", self.names):
            raise ValidationError(
                f"Masih ada “{places[0]}” yang belum diisi. Gantilah, lalu kirim lagi."
            )
