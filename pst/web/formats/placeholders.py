"""Placeholders in braces, as `{nomor}`, in the texts of officers."""

import re
from collections.abc import Collection

from wtforms import Field, Form
from wtforms.validators import ValidationError

# A name in braces, which something of the consultation replaces.
PLACE = re.compile(r"\{([^{}\n]{0,40})\}")


def unfilled(text: str, names: Collection[str]) -> list[str]:
    """Return the placeholders in `text` that mean one of `names`, spelt as typed."""
    return [
        place[0]
        for place in PLACE.finditer(text)
        if "_".join(place[1].casefold().split()) in names
    ]


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
