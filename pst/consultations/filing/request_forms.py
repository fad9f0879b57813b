"""The forms that ask for a consultation, one for each category."""

from typing import Any

from flask import request
from wtforms import (
    SelectField,
    TextAreaField,
)
from wtforms.validators import ValidationError

from pst.accounts.users import User
from pst.catalogue.answers import periods
from pst.consultations.forms import KeyedForm
from pst.consultations.models import Consultation
from pst.consultations.states import Category, State
from pst.database import db
from pst.reference_lists import choices
from pst.regions.resolving import gazetteer
from pst.web.forms import form_keys
from pst.web.forms.choices import choices_from
from pst.web.forms.fields import Pressed, Required, area_field, text_field

# Of what is written before the form opens, in a field: it travels in an address.
MAX_BEGINNING_LENGTH = 1_000
MAX_YEARS_LENGTH = 60
UNCHOSEN = ("", "Pilih…")


def select_field(label: str, name: str) -> SelectField:
    return SelectField(
        label,
        choices=choices_from([UNCHOSEN, *choices(name)]),
        validate_choice=False,
        filters=[lambda code: code if code in dict(choices(name)) else ""],
    )


class RequestForm(KeyedForm):
    """What the request form of every category asks."""

    at_the_end = ("description",)

    subject = text_field("Subjek", Required())
    description: TextAreaField = area_field("Uraian", Required())
    # With *Masuk* the owner of an account files it when the log-in is done.
    press = Pressed(("ajukan", "masuk"))
    detail_fields: tuple[str, ...] = ()

    @staticmethod
    def named_in(text: str) -> dict[str, str]:
        """Return the values of fields that `text`, written before, already names."""
        return {}

    def details(self) -> dict[str, Any]:
        """Return what this category asks beyond subject and description."""
        return {name: self[name].data for name in self.detail_fields if self[name].data}

    def file(
        self,
        user: User,
        category: Category,
        key: str | None,
        previous: Consultation | None,
    ) -> Consultation:
        """File the request, or return the one already filed with `key`."""
        return Consultation.ask(
            user,
            category,
            self.subject.data or "",
            self.description.data or "",
            details=self.details(),
            key=key,
            previous=previous,
        )

    def filed_before(self, user: User, category: Category) -> Consultation | None:
        """Return an open consultation of `user` that was asked in the same words.

        A browser that goes back after filing fills them in again, with another key.
        """
        filed = db.session.scalars(
            Consultation.owned_by(user).where(
                Consultation.state != State.CLOSED,
                Consultation.category == category,
                Consultation.subject == self.subject.data,
            )
        )
        same = (each for each in filed if not self.differs_from(each, category))
        return next(same, None)

    def key_of_another(self, category: Category) -> str:
        """Return the key for a request that came with the key of another one."""
        words = (self.subject.data, self.description.data, self.details())
        return form_keys.with_content(self.key.data or "", category, *words)

    def differs_from(self, filed: Consultation, category: Category) -> bool:
        """Return whether a repeat of a filed request has other words."""
        now = (category, self.subject.data, self.description.data, self.details())
        return now != (filed.category, filed.subject, filed.description, filed.details)

    def add_to(self, filed: Consultation, user: User, changes: str) -> None:
        """Add what changed since the first sending, as a message."""
        filed.say(
            user, changes, key=form_keys.with_content(self.key.data or "", changes)
        )


class DataForm(RequestForm):
    area = text_field("Wilayah", Required())
    level = select_field("Tingkat wilayah", "levels")
    period = select_field("Periode", "periods")
    years = text_field("Tahun", Required(), most=MAX_YEARS_LENGTH)
    purpose = select_field("Tujuan penggunaan", "purposes")
    detail_fields = ("area", "level", "period", "years", "purpose")

    @staticmethod
    def named_in(text: str) -> dict[str, str]:
        """Return the one region that `text` surely names, and its years."""
        regions, values = gazetteer(), {}
        mentions = regions.mentions_in(text)
        codes = {mention.place.code for mention in mentions}
        if len(codes) == 1 and any(mention.is_sure for mention in mentions):
            values["area"] = regions.name_within(codes.pop())
        years = periods.years_as_text(periods.years_in(text))
        if years and len(years) <= MAX_YEARS_LENGTH:  # a part of them would mislead
            values["years"] = years
        return values

    def validate_years(self, field: Any) -> None:
        if not any(character.isdigit() for character in field.data or ""):
            raise ValidationError("Tulis tahun dengan angka, misalnya 2020–2025.")


class MetadataForm(RequestForm):
    concept = text_field("Konsep atau variabel", Required())
    purpose = select_field("Tujuan penggunaan", "purposes")
    detail_fields = ("concept", "purpose")


class RecommendationForm(RequestForm):
    institution = text_field("Instansi penyelenggara", Required())
    title = text_field("Judul kegiatan", Required())
    population = text_field("Populasi", Required())
    schedule = text_field("Jadwal", Required())
    detail_fields = ("institution", "title", "population", "schedule")


class ClassificationForm(RequestForm):
    activity: TextAreaField = area_field("Kegiatan atau produk", Required(), most=2000)
    purpose = select_field("Tujuan penggunaan", "purposes")
    detail_fields = ("activity", "purpose")


FORMS: dict[Category, type[RequestForm]] = {
    Category.DATA: DataForm,
    Category.METADATA: MetadataForm,
    Category.RECOMMENDATION: RecommendationForm,
    Category.CLASSIFICATION: ClassificationForm,
}


def chosen_category() -> Category | None:
    """Return the category in the button or the address; None if there is no such.

    Text browsers send a button to its form's address: the button names it too.
    """
    for text in (request.form.get("switch"), request.args.get("jenis")):
        if text in set(Category):
            return Category(text)
    return None


def is_changing_kind() -> bool:
    """Return whether the form asks for another category, and is not to be filed."""
    return "switch" in request.form
