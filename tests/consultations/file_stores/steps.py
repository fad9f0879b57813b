"""A file that is kept, and what the store answers."""

from io import BytesIO

from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.models import Consultation
from pst.database import db
from pst.uploads import storage

PDF = b"%PDF-1.7 isi berkas"


def keep_file(consultation: Consultation, content: bytes = PDF) -> Attachment:
    file = storage.store(BytesIO(content), "a.pdf", 1_000_000, {"pdf"})
    attachment = Attachment.keep(
        file,
        consultation_id=consultation.id,
        uploader=consultation.user,
        key=file.sha256,
    )
    consultation.say(consultation.user, "Ini berkasnya.", attachments=[attachment])
    db.session.commit()
    return attachment
