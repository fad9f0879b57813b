"""The head of letters: a logo from an admin, a NIP from who signs."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.journeys.conftest import Browser

PLACE = "/admin/pengaturan/kop-surat"


def png(width: int = 60, height: int = 40, **options: Any) -> bytes:
    file = BytesIO()
    Image.new("RGBA", (width, height), "#0b5c7880").save(file, "PNG", **options)
    return file.getvalue()


def sent(admin: Browser, content: bytes, name: str = "logo.png"):
    return admin.post(PLACE, {"file": (BytesIO(content), name)})


def test_a_logo_is_kept_and_shown_to_the_office_only(andi, budi, siti):
    assert sent(andi, png()).status_code == 303
    address = andi.get(PLACE).text.split('<img src="')[2].split('"')[0]

    assert address.endswith(".png")
    picture = budi.get(address)
    assert picture.content_type == "image/png"
    assert Image.open(BytesIO(picture.data)).size == (60, 40)
    assert siti.get(address).status_code == 403
    assert andi.post(f"{PLACE}/penghapusan").status_code == 303
    assert "Hapus logo" not in andi.get(PLACE).text
    assert budi.get(address).status_code == 200, "letters that were sent still have it"


def huge() -> bytes:
    """A PNG of some bytes that says it is 40,000 pixels wide."""
    head = struct.pack(">IIBBBBB", 40_000, 40_000, 1, 0, 0, 0, 0)
    chunk = b"IHDR" + head
    crc = struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(head)) + chunk + crc


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "Pilih berkas logo."),
        (b"%PDF-1.7 isi", "Logo harus berupa gambar PNG."),
        (b"\x89PNG\r\n\x1a\n", "Logo harus berupa gambar PNG."),
        (png()[:60], "Gambar rusak"),
        (huge(), "2.000 x 2.000 piksel"),
        (png() + bytes(300_001), "Logo paling besar 300 KB."),
    ],
)
def test_what_cannot_be_a_logo_is_refused(andi, content, why):
    answer = sent(andi, content)

    assert answer.status_code == 422
    assert why in answer.text
    assert "Hapus logo" not in andi.get(PLACE).text


def test_what_is_hidden_in_a_logo_is_left_out(andi, budi):
    from_camera = Image.Exif()
    from_camera[0x010F] = "Kamera rahasia"
    sent(andi, png(exif=from_camera))
    address = andi.get(PLACE).text.split('<img src="')[2].split('"')[0]

    assert b"rahasia" not in budi.get(address).data


@pytest.mark.parametrize(
    "nip", ["198501012010011001", "19850101 201001 1 001", "340012345", ""]
)
def test_who_signs_gives_a_nip(budi, nip):
    answer = budi.post("/akun/profil", {"name": "Budi Santoso", "nip": nip})

    assert answer.status_code == 303
    assert f'value="{nip.replace(" ", "")}"' in budi.get("/akun").text


@pytest.mark.parametrize(
    "nip", ["1", "1985010120100110011", "١٩٨٥٠١٠١٢٠١٠٠١١٠٠١", "NIP"]
)
def test_what_is_no_nip_is_refused_and_kept(budi, nip):
    answer = budi.post("/akun/profil", {"name": "Budi Santoso", "nip": nip})

    assert answer.status_code == 422
    assert "18 angka" in answer.text
    assert f'value="{nip}"' in answer.text


def test_a_user_is_asked_for_no_nip(siti):
    assert 'name="nip"' not in siti.get("/akun").text


def test_a_letter_has_the_district_under_the_agency(andi, budi):
    address = budi.post("/petugas/laporan", {"period": "2026-02"}).location
    lines = "BADAN PUSAT STATISTIK<br>KABUPATEN BANJARNEGARA"
    assert lines in budi.get(f"{address}/pratinjau").text

    andi.post("/admin/pengaturan", {"letter_area": "Kota Contoh & Sekitarnya"})
    page = budi.get(f"{address}/pratinjau").text
    assert "STATISTIK<br>KOTA CONTOH &amp; SEKITARNYA" in page


def test_a_setting_cannot_name_a_file_as_the_logo(andi):
    answer = andi.post("/admin/pengaturan", {"letter_logo": "../../etc/passwd"})

    assert answer.status_code == 422
