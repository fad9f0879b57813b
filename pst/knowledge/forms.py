"""The forms of articles, of votes on them, and of synonyms."""

from wtforms import (
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import Optional, ValidationError

from pst.knowledge.article.content import AnswerKind, Content, Topic
from pst.knowledge.article.revisions import Revision
from pst.knowledge.searches.search_log import VoteReason
from pst.web.forms.choices import choices_from
from pst.web.forms.date_fields import DayField
from pst.web.forms.fields import BaseForm, Required, area_field, text_field, tidy

BODY_LENGTH = 50_000
TERM_LENGTH = 60
MAX_TERMS = 40

TOPICS = [
    ("data", "Data"),
    ("metadata", "Metadata"),
    ("recommendation", "Rekomendasi Kegiatan"),
    ("classification", "Klasifikasi"),
    ("service", "Layanan"),
]
ANSWERS = [
    ("available", "Tersedia"),
    ("on_request", "Tersedia atas permintaan"),
    ("other_level", "Hanya pada tingkat wilayah lain"),
    ("not_produced", "Tidak dihasilkan BPS"),
    ("elsewhere", "Ada pada instansi lain"),
]
REASONS = [
    ("unclear", "Sulit dipahami"),
    ("incomplete", "Kurang lengkap"),
    ("outdated", "Sudah tidak berlaku"),
    ("other_topic", "Bukan yang saya cari"),
]
WEIGHTS = [("1.0", "Sama persis"), ("0.6", "Sepadan"), ("0.3", "Terkait")]


class Terms:
    """Refuse too many terms or one that is too long."""

    def __call__(self, form: object, field: StringField) -> None:
        terms = split(field.data)
        if len(terms) > MAX_TERMS:
            raise ValidationError(f"Paling banyak {MAX_TERMS} istilah.")
        if any(len(term) > TERM_LENGTH for term in terms):
            raise ValidationError(f"Setiap istilah paling panjang {TERM_LENGTH} huruf.")


class ArticleForm(BaseForm):
    title = text_field("Judul", Required())
    body = area_field("Isi", Required(), most=BODY_LENGTH)
    topic = SelectField("Kategori", [Required()], choices=choices_from(TOPICS))
    answer = SelectField("Jenis jawaban", [Required()], choices=choices_from(ANSWERS))
    answer_note = area_field("Alasan, pilihan terdekat, atau instansinya", most=1000)
    tags = text_field("Tag", Terms(), most=2000)
    synonyms = text_field("Sinonim", Terms(), most=3000)
    source = text_field("Sumber", most=500)
    review_on = DayField("Tinjau kembali sebelum", [Optional()])
    base = IntegerField("Versi", default=0)
    consultation = HiddenField()

    @classmethod
    def of(cls, content: Content, base: int) -> "ArticleForm":
        """Fill the form with what an article says now."""
        return cls(
            formdata=None,
            data={
                "title": content.title,
                "body": content.body,
                "topic": content.topic.value,
                "answer": content.answer.value,
                "answer_note": content.answer_note,
                "tags": ", ".join(content.tags),
                "synonyms": ", ".join(content.synonyms),
                "source": content.source,
                "review_on": content.review_on,
                "base": base,
            },
        )

    @property
    def content(self) -> Content:
        return Content(
            title=self.title.data or "",
            body=self.body.data or "",
            topic=Topic(self.topic.data),
            tags=split(self.tags.data),
            synonyms=split(self.synonyms.data),
            answer=AnswerKind(self.answer.data),
            answer_note=self.answer_note.data or "",
            source=self.source.data or "",
            review_on=self.review_on.data,
        )


class ArticleReturnForm(BaseForm):
    note = area_field("Yang perlu diperbaiki", Required(), most=1000)


class VoteForm(BaseForm):
    key = HiddenField(validators=[Required()])
    helpful = RadioField(
        "Apakah artikel ini membantu?",
        choices=choices_from([("ya", "Ya"), ("tidak", "Tidak")]),
    )
    reason = RadioField(
        "Mengapa?",
        choices=choices_from(REASONS),
        validators=[Optional()],
        validate_choice=True,
    )
    comment = area_field("Yang kurang", most=500)

    @property
    def why(self) -> VoteReason | None:
        return VoteReason(self.reason.data) if self.reason.data else None


class SynonymForm(BaseForm):
    terms = area_field("Istilah, satu pada setiap baris", Required(), most=2000)
    weight = SelectField(
        "Kedekatan", [Required()], choices=choices_from(WEIGHTS), default="0.6"
    )

    def validate_terms(self, field: StringField) -> None:
        if len(self.words) < 2:
            raise ValidationError("Tulis paling sedikit dua istilah.")

    @property
    def words(self) -> list[str]:
        lines = (tidy(line) for line in (self.terms.data or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))


def split(text: str | None) -> tuple[str, ...]:
    """Return the distinct terms of a list with commas or line breaks."""
    terms = (tidy(term) or "" for term in (text or "").replace("\n", ",").split(","))
    return tuple(dict.fromkeys(term for term in terms if term))


def texts(revision: Revision) -> list[tuple[str, str]]:
    """Return the parts of a revision with their labels, to compare with another."""
    content = revision.content
    return [
        ("Judul", content.title),
        ("Kategori", dict(TOPICS)[content.topic.value]),
        ("Jenis jawaban", dict(ANSWERS)[content.answer.value]),
        ("Keterangan", content.answer_note),
        ("Tag", ", ".join(content.tags)),
        ("Sinonim", ", ".join(content.synonyms)),
        ("Sumber", content.source),
        ("Isi", content.body),
    ]
