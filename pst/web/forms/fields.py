"""Form fields and checks that every feature shares; their errors are on screen."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import partial
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_wtf import FlaskForm
from wtforms import Field, FieldList, Form, StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError

from pst.rules import BAD_EMAIL
from pst.text.normalization import normalize
from pst.text.visible import TURNS, is_visible

MESSAGE_LENGTH = 10_000
UNPRESSED = (
    "Tombol yang Anda tekan tidak ikut terkirim, jadi belum ada yang dilakukan."
    " Tulisan Anda masih ada; tekan tombolnya sekali lagi."
)
FORM_KEY_LENGTH = 64
# RFC 5321: a path of 256 characters, without the angle brackets.
ADDRESS_LENGTH = 254
# Breaks and marks that separate, as Word, PDF and spreadsheets write them.
BREAKS = "\v\f\x85\u2028\u2029"
BLANKS = dict.fromkeys("\x1c\x1d\x1e\x1f", " ")
SEPARATORS = str.maketrans({**dict.fromkeys("\r" + BREAKS, "\n"), **BLANKS})
IN_A_LINE = str.maketrans({**dict.fromkeys(BREAKS, " "), **BLANKS, **TURNS})


class BaseForm(FlaskForm):
    """A form whose fields say what is wrong in Indonesian, in the order of the page."""

    # Fields that stand on the page after those that a subclass declares.
    at_the_end: tuple[str, ...] = ()

    class Meta(FlaskForm.Meta):
        locales = ("id",)
        csrf = False  # Asked of every request, before its view; pages write the token.

        def get_translations(self, form: Form) -> Any:
            return None

    def __iter__(self) -> Iterator[Field]:
        places = {name: n for n, name in enumerate(self.at_the_end)}
        fields = super().__iter__()
        return iter(sorted(fields, key=lambda f: places.get(f.short_name, -1)))


class Rows(FieldList):
    """Fields that stand in a form several times, each with a short number of its own.

    WTForms takes all that Unicode calls a digit for a number, also what is none (²) or
    has thousands of them; such a name is no field of ours.
    """

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        name = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,4}})(?![^-])")
        for key in formdata:
            if match := name.match(key):
                yield int(match[1])


def tied(field: Field, *help_ids: str) -> dict[str, str | bool]:
    """Tie a field to its help texts and its error for screen readers.

    What must be filled in is not wrong before it was sent, even if the browser says so.
    """
    ids = [*help_ids, f"{field.id}-error"] if field.errors else list(help_ids)
    is_wrong = "true" if field.errors else "false"
    return {
        "aria_invalid": is_wrong if field.errors or field.flags.required else False,
        "aria_describedby": " ".join(ids) or False,
    }


class Pressed(StringField):
    """Which of a form's buttons was pressed; a form that does not say is refused.

    Browsers leave the button out of what a script collects from a form unless the
    script puts it there, and what is missing must not be taken for something else.
    """

    def __init__(self, buttons: Collection[str], **options: Any) -> None:
        super().__init__("Tombol", **options)
        self.buttons = buttons

    def pre_validate(self, form: Form) -> None:
        if self.data not in self.buttons:
            raise StopValidation(UNPRESSED)


class Required:
    """Refuse a value in which there is nothing to see, naming the field."""

    field_flags = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        value = field.data
        if not value or (isinstance(value, str) and not is_visible(value)):
            raise StopValidation(f"{field.label.text} wajib diisi.")


class AtMost:
    """Refuse a text longer than `length` characters."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.field_flags = {"maxlength": length}

    def __call__(self, form: Form, field: Field) -> None:
        length = len(field.data or "")
        if length > self.length:
            raise ValidationError(
                f"Maksimal {_thousands(self.length)} karakter"
                f" (sekarang {_thousands(length)})."
            )


class Printable:
    """Refuse control characters; put blanks for them into the field.

    Never nothing: what stood between two words or figures keeps them apart.
    """

    def __call__(self, form: Form, field: Field) -> None:
        text = field.data or ""
        clean = "".join(" " if c not in "\n\t" and _is_control(c) else c for c in text)
        if clean != text:
            field.data = clean
            raise ValidationError(
                "Ada karakter kendali yang tidak dapat disimpan. Karakter itu sudah"
                " kami ganti dengan spasi; periksa lalu kirim lagi."
            )


class OneLine:
    """Refuse line breaks and tabs; put a text without them into the field.

    What is typed into one line goes into mails and headers as one line.
    """

    def __call__(self, form: Form, field: Field) -> None:
        text = field.data or ""
        if "\n" in text or "\t" in text:
            field.data = " ".join(text.split())
            raise ValidationError(
                "Isian ini hanya satu baris. Baris baru dan tab sudah kami ganti"
                " dengan spasi; periksa lalu kirim lagi."
            )


class NoWebAddress:
    """Refuse a text that mails would show as a link: a name has none."""

    def __call__(self, form: Form, field: Field) -> None:
        text = (field.data or "").casefold()
        if "://" in text or "www." in text:
            raise ValidationError("Jangan menulis alamat situs di sini.")


class EmailAddress:
    """Refuse what cannot be an e-mail address; store it as it is compared."""

    field_flags = {"maxlength": ADDRESS_LENGTH}

    def __call__(self, form: Form, field: Field) -> None:
        AtMost(ADDRESS_LENGTH)(form, field)
        try:
            address = validate_email(
                (field.data or "").strip(),
                check_deliverability=False,
                # Few servers take other letters before the @.
                allow_smtputf8=False,
                # example.test and the like serve demos and tests.
                test_environment=True,
            )
        except EmailNotValidError as error:
            raise ValidationError(BAD_EMAIL) from error
        field.data = normal_email(address.normalized)


def normal_email(text: str) -> str:
    """Write an address as we store and compare it."""
    return text.strip().lower()


def tidy(text: str | None, most: int = MESSAGE_LENGTH) -> str | None:
    """Unify composed letters, and trim; a break becomes a blank, a turn nothing."""
    text = tidy_lines(text and text.translate(IN_A_LINE), most)
    return text if text is None else text.strip()


def tidy_lines(text: str | None, most: int = MESSAGE_LENGTH) -> str | None:
    """Unify line ends and composed letters, and leave out blank lines at both ends.

    Blanks at the beginning of a line are its indentation, and a tab at the end of one
    is the empty cell of a table. A text in which there is nothing to see is empty.
    One that is too long for a field of `most` characters, composed or not, is not
    composed: it is refused anyway, and given back.
    """
    if text is None:
        return None
    text = text.replace("\r\n", "\n").translate(SEPARATORS)
    text = text if len(text) > 2 * most else normalize(text)
    if not is_visible(text):
        return ""
    lines = text.split("\n")
    filled_at = [at for at, line in enumerate(lines) if line.strip()]
    return "\n".join(lines[filled_at[0] : filled_at[-1] + 1]).rstrip(" ")


def text_field(
    label: str, *checks: Any, most: int = 200, **options: Any
) -> StringField:
    """Make a one-line field of at most `most` characters."""
    return StringField(
        label,
        [*checks, AtMost(most), OneLine(), Printable()],
        filters=[partial(tidy, most=most)],
        **options,
    )


def area_field(
    label: str, *checks: Any, most: int = MESSAGE_LENGTH, **options: Any
) -> TextAreaField:
    """Make a field of several lines of at most `most` characters."""
    return TextAreaField(
        label,
        [*checks, AtMost(most), Printable()],
        filters=[partial(tidy_lines, most=most)],
        **options,
    )


def _is_control(character: str) -> bool:
    return (
        unicodedata.category(character) in ("Cc", "Cs") or character in "\u2028\u2029"
    )


def _thousands(count: int) -> str:
    return f"{count:,}".replace(",", ".")
