"""Files are known by their content, lose what tells too much, and are kept once."""

import os
import zipfile
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from pst import clock
from pst.consultations.attached_files import attachments
from pst.database import db
from pst.uploads import storage, sweeping
from pst.uploads.file_types import FileRefusal, Format
from tests.consultations.ole import doc, ole, xls
from tests.kept_files import attached, content_of

EVERY = {format.value for format in Format}
LIMIT = 5_000_000


def store(content: bytes, name: str = "berkas") -> storage.StoredFile:
    return storage.store(BytesIO(content), name, LIMIT, EVERY)


def picture(kind: str = "JPEG", **options: object) -> bytes:
    out = BytesIO()
    Image.effect_noise((900, 600), 60).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def archive(**files: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in files.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return out.getvalue()


XLSX = archive(**{"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>"})
DOCX = archive(**{"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"})


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("content", "name", "kept"),
    [
        (b"%PDF-1.7 ...", "laporan.exe", "laporan.pdf"),
        (XLSX, "tabel.xlsx", "tabel.xlsx"),
        (DOCX, "surat", "surat.docx"),
        (xls(), "lama.xls", "lama.xls"),
        (doc(), "lama.doc", "lama.doc"),
        (b"a;b\n1;2\n", "data.csv", "data.csv"),
        ("jumlah é".encode("cp1252"), "catatan.txt", "catatan.txt"),
        ("Kec.\t2024\r\nBatur\t1\r\n".encode("utf-16"), "Excel.txt", "Excel.txt"),
        ("\ufeffa;b\r\n1;2".encode("utf-16-be"), "data.csv", "data.csv"),
        ("\ufeffcatatan é 統計 😀".encode("utf-16-le"), "catatan.txt", "catatan.txt"),
        (b"<script>alert(1)</script>", "halaman.html", "halaman.txt"),
        (b"%PDF-1.4", "../../etc/passwd", "passwd.pdf"),
        (b"%PDF-1.4", "C:\\temp\\a\r\nb.pdf", "ab.pdf"),
        (b"%PDF-1.4", "....", "berkas.pdf"),
    ],
)
def test_content_decides_and_names_are_tidied(content, name, kept):
    assert store(content, name).name == kept


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "kosong"),
        (b"MZ\x90\0\x03\0", "tidak didukung"),
        (b"\x7fELF\x02\x01", "tidak didukung"),
        (archive(readme="x"), "tidak didukung"),
        (b"PK\x03\x04broken", "rusak"),
        (archive(**{"[Content_Types].xml": "", "xl/vbaProject.bin": ""}), "makro"),
        (ole(Workbook=b"", _VBA_PROJECT=b""), "makro"),
        (b"\x89PNG\r\n\x1a\nbroken", "rusak"),
        (b"%PDF-" + b"x" * LIMIT, "melebihi 5 MB"),
    ],
)
def test_what_is_not_taken_is_explained(content, sentence):
    with pytest.raises(FileRefusal, match=sentence):
        store(content, "a.pdf")
    assert not attached()


@pytest.mark.usefixtures("context")
def test_a_picture_loses_its_place_and_gets_a_small_preview():
    exif = Image.Exif()
    exif[0x010F] = "Kamera"
    exif.get_ifd(0x8825)[1] = "S"

    file = store(picture(exif=exif), "foto.jpg")

    image = Image.open(BytesIO(content_of(file.sha256)))
    assert not image.getexif()
    assert file.preview_sha256 is not None
    preview = content_of(file.preview_sha256)
    assert len(preview) <= 20_000
    assert max(Image.open(BytesIO(preview)).size) == 320


@pytest.mark.usefixtures("context")
def test_a_picture_that_tells_nothing_is_kept_to_the_byte():
    content = picture("PNG")

    file = store(content, "peta.png")

    assert content_of(file.sha256) == content


@pytest.mark.usefixtures("context")
def test_a_picture_that_would_fill_the_memory_is_refused():
    out = BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")

    with pytest.raises(FileRefusal, match="besar|rusak"):
        store(out.getvalue())


def test_only_forgotten_files_are_swept(consultation, siti, at):
    for name, waits in (("a", False), ("b", True)):
        file = store(f"isi {name}".encode(), f"{name}.txt")
        kept = attachments.Attachment.keep(
            file, consultation_id=consultation.id, uploader=siti, key=name
        )
        if not waits:
            consultation.say(siti, "Ini berkasnya.", attachments=[kept])
    db.session.commit()

    attachments.sweep_files()
    assert attached() == {b"isi a", b"isi b"}
    at(clock.now() + attachments.FORGOTTEN_AFTER * 400)
    attachments.sweep_files()
    assert attached() == {b"isi a"}


@pytest.mark.parametrize(("unknown", "stay"), [(100, False), (101, True)])
def test_a_store_full_of_others_files_is_left_as_it_is(context, at, unknown, stay):
    for at_file in range(unknown):
        store(f"berkas kantor lain {at_file}".encode(), "a.txt")
    at(clock.now() + attachments.FORGOTTEN_AFTER * 400)

    with pytest.raises(sweeping.StrangeStore) if stay else nullcontext():
        attachments.sweep_files()

    assert len(attached()) == (unknown if stay else 0)


def test_a_file_that_is_sent_again_is_not_swept(app, context):
    file = store(b"isi", "a.txt")
    path = app.config["PST"].data_dir / storage.name_of(file.sha256)
    os.utime(path, (0, 0))
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    assert list(sweeping.unnamed(storage.FOLDER, an_hour_ago, set()))
    unnamed = sweeping.unnamed(storage.FOLDER, an_hour_ago, set())

    store(b"isi", "a.txt")

    assert not list(unnamed)


def test_a_file_that_was_sent_goes_with_no_other_message(consultation, siti):
    stored = store(b"isi", "a.txt")
    file = attachments.Attachment.keep(
        stored, consultation_id=consultation.id, uploader=siti, key="k"
    )
    first = consultation.say(siti, "Ini.", attachments=[file])

    consultation.say(siti, "Itu.", attachments=[file])

    assert file.message_id == first.id
