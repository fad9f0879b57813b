"""What people type about themselves."""

import re
from typing import Any

from wtforms import BooleanField, Form, PasswordField, SelectField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import PasswordInput

from pst.accounts.passwords import (
    MAX_PASSWORD_LENGTH,
    MIN_PASSWORD_LENGTH,
    is_guessable,
)
from pst.reference_lists import choices
from pst.web.forms.choices import choices_from
from pst.web.forms.fields import (
    ADDRESS_LENGTH,
    AtMost,
    BaseForm,
    EmailAddress,
    NoWebAddress,
    Required,
    text_field,
    tidy,
)

NIP = re.compile(r"[0-9]{9}([0-9]{9})?")
UNCHOSEN = ("", "Pilih…")


class GoodPassword:
    """Refuse a password that is short, endless, or among the first to be guessed."""

    def __call__(self, form: Form, field: PasswordField) -> None:
        length = len(field.data or "")
        if length < MIN_PASSWORD_LENGTH:
            raise ValidationError(
                f"Kata sandi paling sedikit {MIN_PASSWORD_LENGTH} karakter."
            )
        if length > MAX_PASSWORD_LENGTH:
            raise ValidationError(
                f"Kata sandi paling banyak {MAX_PASSWORD_LENGTH} karakter."
            )
        own = [form[name].data or "" for name in ("name", "email") if name in form]
        own_texts = [text[:MAX_PASSWORD_LENGTH] for text in own]
        if is_guessable(field.data, *own_texts, *getattr(form, "own", ())):
            raise ValidationError(
                "Kata sandi terlalu mudah ditebak. Tambahkan kata lain."
            )


def password_field(label: str = "Kata sandi", *checks: Any) -> PasswordField:
    """Make a field that keeps what was typed when another field was wrong.

    The page goes to the person who typed it, and no cache may store it.
    """
    return PasswordField(
        label, [Required(), *checks], widget=PasswordInput(hide_value=False)
    )


def select_field(label: str, name: str) -> SelectField:
    """Make a list to choose from; nothing is chosen beforehand."""
    return SelectField(
        label,
        [Required()],
        choices=choices_from([UNCHOSEN, *choices(name)]),
        validate_choice=False,
        filters=[lambda code: code if code in dict(choices(name)) else ""],
    )


class NameForm(BaseForm):
    """What members of the office enter about themselves."""

    name = text_field("Nama lengkap", Required(), NoWebAddress())


class StaffForm(NameForm):
    """What stands under a letter: the name, and the number of a civil servant."""

    nip = StringField("NIP", filters=[tidy, lambda text: "".join((text or "").split())])

    def validate_nip(self, field: StringField) -> None:
        if field.data and not NIP.fullmatch(field.data):
            raise ValidationError("NIP terdiri dari 18 angka, atau 9 untuk NIP lama.")


class ProfileForm(NameForm):
    institution_kind = select_field("Kategori instansi", "institution_kinds")
    institution = text_field("Instansi", Required())
    occupation = select_field("Pekerjaan", "occupations")


class RegistrationForm(ProfileForm):
    at_the_end = (
        *("institution_kind", "institution", "occupation"),
        *("password", "consent", "survey", "news"),
    )

    email = StringField("Email", [Required(), EmailAddress()], filters=[tidy])
    password = password_field("Kata sandi", GoodPassword())
    consent = BooleanField("Persetujuan", [Required()])
    survey = BooleanField("Survei Kebutuhan Data")
    news = BooleanField("Kabar statistik")


class LogInForm(BaseForm):
    email = StringField("Email", [Required(), AtMost(ADDRESS_LENGTH)], filters=[tidy])
    password = password_field()


class EmailForm(BaseForm):
    email = StringField("Email", [Required(), EmailAddress()], filters=[tidy])


class CodeForm(BaseForm):
    code = StringField("Kode", [Required(), AtMost(40)], filters=[tidy])


class NewPasswordForm(BaseForm):
    own: tuple[str, ...] = ()
    password = password_field("Kata sandi baru", GoodPassword())


class AddressForm(EmailForm):
    current = password_field("Kata sandi sekarang")


class ChangePasswordForm(BaseForm):
    own: tuple[str, ...] = ()
    current = password_field("Kata sandi sekarang")
    password = password_field("Kata sandi baru", GoodPassword())
