"""Personal data is found in drafts and kept out of what is noted of searches."""

import pytest

from pst.knowledge.privacy import Kind, findings, redact


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("surat ke ani@contoh.co.id ya", Kind.EMAIL),
        ("NIK 3304011212900001", Kind.NIK),
        ("NIK 3304 0112 1290 0001", Kind.NIK),
        ("telepon 0812-3456-7890", Kind.PHONE),
        ("telepon +62 812 3456 7890", Kind.PHONE),
        ("telepon (0286) 591893", Kind.PHONE),
        ("lihat /konsultasi/KS-2026-000007/lampiran/9", Kind.FILE),
        ("konsultasi KS-2026-000007", Kind.NUMBER),
    ],
)
def test_personal_data_is_found(text: str, kind: Kind):
    assert [finding.kind for finding in findings(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "Jumlah penduduk 1.038.718 jiwa pada 2024.",
        "KBLI 56101 dan kode wilayah 3304.",
        "Hubungi bps3304@bps.go.id.",
        "PP Nomor 51 Tahun 1999, UU 16/1997.",
        "Tahun 2020 2021 2022 2023",
        "NIK 330401121290000",
    ],
)
def test_figures_and_the_office_are_not_personal(text: str):
    assert not findings(text)


def test_the_name_of_the_user_is_found_as_a_word_only():
    known = [(Kind.NAME, "Siti")]

    assert findings("Ibu siti bertanya", known)
    assert not findings("prositiasi", known)


def test_a_finding_is_named_by_what_it_is_not_where():
    one, two = findings("081234567890 dan 081234567890")

    assert one.key == two.key


def test_what_is_masked_is_gone():
    assert redact("cari ani@contoh.co.id") == "cari •••"
