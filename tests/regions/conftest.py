"""A district's regions: two kecamatan, and villages of one name."""

from io import BytesIO

import pytest

from pst.list_files.runs import ListSource
from pst.regions import importing

LIST = """Kode BPS;Nama;Kode Kemendagri;Nama lain
33;PROVINSI JAWA TENGAH;33;
3304;KABUPATEN BANJARNEGARA;33.04;
3304020;PURWAREJA KLAMPOK;33.04.02;Purworejo Klampok
3304120;WANADADI;33.04.12;
3304130;Banjarmangu;33.04.13;
3304120001;WANADADI;33.04.12.2001;
3304120002;KARANGKEMIRI;33.04.12.2002;Karang Kemiri
3304130001;KARANGKEMIRI;33.04.13.2001;
3304130002;KRANDEGAN;33.04.13.1002;
"""


def bring_in(text: str, **options) -> importing.ImportOutcome:
    file = BytesIO(text.encode())
    return importing.bring_in(
        lambda: importing.read(file), ListSource("uji"), **options
    )


@pytest.fixture
def regions(context: None) -> None:
    bring_in(LIST)
