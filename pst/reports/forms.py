"""What officers and the head write about a report."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    Form,
    FormField,
    HiddenField,
    SelectField,
)
from wtforms.validators import Optional, Regexp, ValidationError

from pst.reports.figures.themes import QUOTE_LENGTH, themes
from pst.reports.layout.texts import layout
from pst.reports.periods import BadPeriod, Period
from pst.reports.states import NEEDED
from pst.web.forms.choices import choices_from
from pst.web.forms.date_fields import DayField
from pst.web.forms.fields import (
    BaseForm,
    Pressed,
    Required,
    Rows,
    area_field,
    text_field,
)

ANALYSIS_LENGTH = 6_000
RECOMMENDATIONS = 20
RECOMMENDATION_LENGTH = 500
SPARE_ROWS = 2
FIGURES_LENGTH = 2_000
ANY_SPAN = "rentang"


class NeededToSend:
    """Mark a field that may stay empty in a draft but not in what is sent."""

    field_flags = {"required": True}

    def __call__(self, form: Form, field: Any) -> None:
        return None


class PeriodForm(BaseForm):
    """A choice of a month, quarter, semester or year, or two dates."""

    period = SelectField("Periode", [Required()], validate_choice=False)
    first = DayField("Dari tanggal", [Optional()])
    last = DayField("Sampai tanggal", [Optional()])
    # Sent when the officer knows that there is a report on the period already.
    anyway = HiddenField()

    def offer(self, kinds: list[tuple[str, list[Period]]]) -> None:
        """Offer these periods, and any span; the last whole month is preselected."""
        self.period.choices = [
            choice
            for name, periods in kinds
            for choice in choices_from(((p.code, p.text) for p in periods), name)
        ] + choices_from([(ANY_SPAN, "Rentang tanggal")], "Lainnya")
        months = kinds[0][1]
        if self.period.data is None:
            self.period.data = months[min(1, len(months) - 1)].code

    def validate_period(self, field: SelectField) -> None:
        try:
            self.chosen = self._read()
        except BadPeriod as error:
            raise ValidationError(str(error)) from error

    def _read(self) -> Period:
        # Dates that are filled in win over the list above them.
        dates = [*(self.first.raw_data or ()), *(self.last.raw_data or ())]
        if self.period.data != ANY_SPAN and not any(dates):
            return Period.parse(self.period.data or "")
        self.period.data = ANY_SPAN
        if not (self.first.data and self.last.data):
            raise BadPeriod("Isi tanggal awal dan akhir.")
        return Period.span(self.first.data, self.last.data)


class RowForm(Form):
    """Fields that a form has several times; the form around it has the token."""


class RecommendationRow(RowForm):
    text = text_field("Rekomendasi", most=RECOMMENDATION_LENGTH)
    person = text_field("Penanggung jawab", most=100)
    by = DayField("Target selesai", [Optional()])


class WordsForm(BaseForm):
    """The officer's words: one field for each section, and recommendations."""

    number = text_field("Nomor surat", most=100)
    press = Pressed(("simpan", "pratinjau", "umpan-balik"))
    # What the officer saw when writing: the headline figures, as JSON.
    figures = HiddenField()
    recommendations = Rows(FormField(RecommendationRow), max_entries=40)

    @classmethod
    def of(cls, number: str, words: Mapping[str, Any]) -> "WordsForm":
        """Return the form with what is stored, and some free rows for more."""
        stored_rows = [_with_a_day(row) for row in words.get("recommendations", [])]
        rows = [*stored_rows, *({} for _ in range(SPARE_ROWS))]
        return cls(
            number=number,
            recommendations=rows[:RECOMMENDATIONS],
            **{key: words.get(key, "") for key in SECTIONS},
        )

    @property
    def seen_figures(self) -> dict[str, str] | None:
        """The headline figures that stood above the words, if they can be read."""
        text = self.figures.data or ""
        try:
            values = json.loads(text) if len(text) <= FIGURES_LENGTH else None
        except (ValueError, RecursionError):
            return None
        if not isinstance(values, dict):
            return None
        keys = layout()["tables"]["headline"]["rows"]
        return {key: str(values[key])[:40] for key in keys if key in values}

    @property
    def words(self) -> dict[str, Any]:
        """The words of the form, as the report stores them."""
        rows = [row for row in self.recommendations.data if row["text"]]
        return {
            **{key: self[key].data or "" for key in SECTIONS},
            "recommendations": [
                {
                    "text": row["text"],
                    "person": row["person"] or "",
                    "by": row["by"].isoformat() if row["by"] else "",
                }
                for row in rows
            ],
        }

    def section(self, id: str) -> Any:
        return self[id]


def _with_a_day(row: Mapping[str, str]) -> dict[str, Any]:
    """Return a stored recommendation with its day as a date.

    What older drafts have in words instead of a day goes on behind the text.
    """
    try:
        return {**row, "by": date.fromisoformat(row["by"]) if row["by"] else None}
    except ValueError:
        text = f"{row['text']} (target selesai: {row['by']})"
        return {**row, "text": text[:RECOMMENDATION_LENGTH], "by": None}


SECTIONS = {part["id"]: part["words"] for part in layout()["sections"] if part["words"]}
for _id, _label in SECTIONS.items():
    _checks = [NeededToSend()] if _id in NEEDED else []
    setattr(WordsForm, _id, area_field(_label, *_checks, most=ANALYSIS_LENGTH))


class CommentRow(RowForm):
    rating = HiddenField(
        validators=[Regexp(r"[0-9]{1,18}\Z", message="Umpan balik ini tidak dikenal.")]
    )
    theme = SelectField(
        "Tema",
        choices=choices_from((each.code, each.text) for each in themes()),
        invalid_choice_message="Pilih salah satu tema.",
    )
    is_quoted = BooleanField("Kutip dalam laporan")
    quote = area_field("Bunyi kutipan", most=QUOTE_LENGTH)


class ThemesForm(BaseForm):
    """The themes and quotes of one page of comments."""

    comments = Rows(FormField(CommentRow), max_entries=100)

    @classmethod
    def of(cls, comments: Iterable[Any]) -> "ThemesForm":
        return cls(
            comments=[
                {
                    "rating": each.rating.id,
                    "theme": each.theme,
                    "is_quoted": each.is_quoted,
                    "quote": each.quote,
                }
                for each in comments
            ]
        )


class ApprovalForm(BaseForm):
    """The number that the letter gets with the approval, if it has none yet."""

    number = text_field("Nomor surat", most=100)


class CommentForm(BaseForm):
    comment = area_field("Yang perlu diperbaiki", Required(), most=4000)
