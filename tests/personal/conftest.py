"""A conversation with a file, a note, and a low rating: something to erase."""

from io import BytesIO

import pytest

from pst.consultations.answers.drafts import Draft
from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.models import Consultation
from pst.consultations.states import Reason
from pst.database import db
from pst.feedback.models import Rating
from pst.uploads import storage

# One word: full-text indexes keep words, in lower case.
SECRET = "rahasiasiti42"


@pytest.fixture
def spoken(consultation, siti, budi) -> Consultation:
    """Siti's consultation, answered, with a file, closed and rated 1."""
    file = storage.store(
        BytesIO(f"%PDF-1.4 {SECRET}".encode()), f"{SECRET}.pdf", 10_000, {"pdf"}
    )
    kept = Attachment.keep(
        file, consultation_id=consultation.id, uploader=siti, key="f1"
    )
    consultation.subject = f"{SECRET} subjek"
    consultation.details = {"area": f"{SECRET} wilayah"}
    consultation.say(siti, f"{SECRET} pesan", attachments=[kept])
    consultation.claim(budi)
    consultation.note(budi, f"{SECRET} catatan")
    consultation.say(budi, f"Jawaban untuk {SECRET}")
    Draft.keep(consultation, budi, f"{SECRET} draf", None)
    consultation.close(Reason.RESOLVED, by=budi)
    Rating.leave(consultation, 1, f"{SECRET} komentar")
    db.session.commit()
    return consultation
