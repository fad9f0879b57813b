"""The office in the pictures: what happened before the pictures were taken."""

from collections.abc import Callable

import sqlalchemy as sa

from pst.accounts.users import User
from pst.consultations.answers.canned import CannedAnswer
from pst.consultations.models import Consultation
from pst.consultations.states import Category, Reason
from pst.database import db, transaction
from pst.feedback.models import Rating
from pst.office import setup
from pst.outbox.models import OutboxMail

Clock = Callable[[str], None]
SUBJECTS = (
    ("Jumlah penduduk menurut umur", Category.DATA),
    ("Konsep angka kemiskinan", Category.METADATA),
    ("Kode KBLI usaha keripik salak", Category.CLASSIFICATION),
    ("Luas panen padi per kecamatan", Category.DATA),
    ("Rancangan survei kepuasan pasar", Category.RECOMMENDATION),
    ("Inflasi tahunan Jawa Tengah", Category.DATA),
)
SCORES = (5, 4, 5, 5, 3, 4, 5, 4, 5, 5, 4, 5)
COMMENTS = {0: "Cepat dan jelas.", 4: "Jawaban agak lama.", 8: "Petugasnya ramah."}
CANNED = (
    ("Salam pembuka", "Selamat pagi, {nama}. Saya {petugas}, siap membantu."),
    ("Minta kejelasan wilayah", "Untuk wilayah dan tahun berapa data ini diperlukan?"),
    ("Penutup", "Terima kasih telah menghubungi kami. Silakan beri penilaian."),
)
ASK = "Saya memerlukan jumlah penduduk menurut kelompok umur untuk tugas akhir."
ANSWER = (
    "Selamat pagi. Angkanya ada di publikasi Kecamatan Wanadadi Dalam Angka 2025,"
    " tabel 3.1. Apakah tahun 2020 sampai 2024 juga diperlukan?"
)


def person(name: str) -> User:
    user = User.with_email(f"{name}@contoh.test")
    assert user is not None
    return user


def february(at: Clock) -> None:
    """A month of answered, closed and rated consultations, for the report."""
    for place, score in enumerate(SCORES):
        day = f"2026-02-{2 + 2 * place:02d}"
        subject, category = SUBJECTS[place % len(SUBJECTS)]
        at(f"{day} 08:30+07:00")
        with transaction():
            consultation = Consultation.ask(
                person(("siti", "dewi")[place % 2]), category, subject, ASK
            )
            id = consultation.id
        at(f"{day} {9 + place % 5:02d}:10+07:00")
        with transaction():
            budi = person(("budi", "rina")[place % 3 == 0])
            consultation = db.session.get_one(Consultation, id)
            consultation.claim(budi)
            consultation.say(budi, "Berikut angkanya. Silakan dilihat pada tabel kami.")
        at(f"{day} 14:00+07:00")
        with transaction():
            consultation = db.session.get_one(Consultation, id)
            consultation.close(Reason.RESOLVED, consultation.officer)
            Rating.leave(consultation, score, COMMENTS.get(place, ""))
            deliver()


def deliver() -> None:
    """Send every mail when it was written: one address gets few in an hour."""
    db.session.flush()
    for letter in db.session.scalars(sa.select(OutboxMail)):
        if letter.can_be_sent_again:
            letter.mark_sent()


def monday(at: Clock) -> None:
    """The morning of Monday 2 March: a queue, and work on the desk."""
    at("2026-02-26 10:00+07:00")
    with transaction():
        late = Consultation.ask(
            person("dewi"), Category.DATA, "Produksi salak per kecamatan", ASK
        )
        late.claim(person("budi"))
    at("2026-03-02 07:40+07:00")
    with transaction():
        Consultation.ask(
            person("dewi"), Category.METADATA, "Beda pengangguran dan menganggur", ASK
        )
        Consultation.ask(
            person("siti"), Category.CLASSIFICATION, "Kode KBLI jasa katering", ASK
        )
        other = Consultation.ask(
            person("dewi"), Category.DATA, "Jumlah murid SD menurut kecamatan", ASK
        )
        other.claim(person("rina"))
        other.say(person("rina"), "Untuk tahun ajaran berapa?")
        for title, body in CANNED:
            CannedAnswer.write(person("budi"), title, body, is_shared=True)
        deliver()


def closing(number: str, at: Clock) -> None:
    """The consultation is over, and Siti is asked how it was."""
    at("2026-03-02 13:30+07:00")
    with transaction():
        query = sa.select(Consultation).filter_by(number=number)
        db.session.scalars(query).one().close(Reason.RESOLVED, person("budi"))


def first_visit() -> None:
    """Let the set-up be half done."""
    with transaction():
        setup.begin()
        for step in list(setup.WizardStep)[1:4]:
            setup.settle(step, person("andi").id)
        setup.skip(setup.WizardStep.TWO_STEP, person("andi").id)


def opened() -> None:
    """Do the set-up."""
    with transaction():
        for step in setup.WizardStep:
            setup.settle(step, person("andi").id)
