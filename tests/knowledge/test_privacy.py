"""Personal data is found in drafts and kept out of what is noted of searches."""

from types import SimpleNamespace

import pytest

from pst.knowledge.privacy import (
    FindingKind,
    PersonalDataLeft,
    findings,
    holds_no_personal_data,
    known_of,
    redact,
    require_confirmed,
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("surat ke ani@contoh.co.id ya", FindingKind.EMAIL),
        ("NIK 3304011212900001", FindingKind.NIK),
        ("NIK 3304 0112 1290 0001", FindingKind.NIK),
        ("telepon 0812-3456-7890", FindingKind.PHONE),
        ("telepon +62 812 3456 7890", FindingKind.PHONE),
        ("telepon (0286) 591893", FindingKind.PHONE),
        ("telepon 081234567", FindingKind.PHONE),
        ("NIK 330401.521290.0001", FindingKind.NIK),
        ("NIK: 3304 1234 5678 9012", FindingKind.NIK),
        ("no. KTP saya 3304-1234-5678-9012", FindingKind.NIK),
        ("surat ke info@bps.go.id.jahat.test", FindingKind.EMAIL),
        ("surat ke info@xbps.go.id", FindingKind.EMAIL),
        ("lihat /konsultasi/KS-2026-000007/lampiran/9", FindingKind.FILE),
        ("konsultasi KS-2026-000007", FindingKind.NUMBER),
    ],
)
def test_personal_data_is_found(text: str, kind: FindingKind):
    assert [finding.kind for finding in findings(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "Jumlah penduduk 1.038.718 jiwa pada 2024.",
        "KBLI 56101 dan kode wilayah 3304.",
        "Hubungi bps3304@bps.go.id.",
        "PP Nomor 51 Tahun 1999, UU 16/1997.",
        "Tahun 2020 2021 2022 2023",
        "Jumlah KK 2020 2021 2022 2023",
        "Wajib KTP 2020 2021 2022 2023",
        "NIK 330401121290000",
        "NIK 33040112129000011",
        "kode 3304 0112 1390 0001",
        "Surel info@banjarnegarakab.bps.go.id",
        "telepon 0812 3456",
        "nomor 91081234567890",
    ],
)
def test_figures_and_the_office_are_not_personal(text: str):
    assert not findings(text)


def test_the_own_address_of_a_user_is_personal_also_at_the_office():
    facts = [(FindingKind.EMAIL, "ani.wijaya@bps.go.id")]
    text = "Dari ani.wijaya@bps.go.id; tanya bps3304@bps.go.id."
    assert redact(text, facts) == "Dari •••; tanya bps3304@bps.go.id."


def test_the_name_of_the_user_is_found_as_a_word_only():
    facts = [(FindingKind.NAME, "Siti")]

    assert findings("Ibu siti bertanya", facts)
    assert not findings("prositiasi", facts)


def test_a_finding_is_named_by_what_it_is_not_where():
    one, two = findings("081234567890 dan 081234567890")

    assert one.key == two.key


def test_what_is_masked_is_gone():
    assert redact("cari ani@contoh.co.id") == "cari •••"


def person(**about: str) -> SimpleNamespace:
    person = {"name": "Nur Aini binti Karto", "email": "aini@contoh.test"}
    return SimpleNamespace(**{**person, "institution": "", "phone": "", **about})


def test_what_is_known_of_a_person_is_the_name_in_whole_and_in_parts():
    assert known_of(person()) == (
        (FindingKind.NAME, "Nur Aini binti Karto"),
        (FindingKind.NAME, "Aini"),
        (FindingKind.NAME, "Karto"),
        (FindingKind.EMAIL, "aini@contoh.test"),
    )


@pytest.mark.parametrize(
    ("about", "more"),
    [
        ({"institution": "UGM"}, []),
        ({"institution": "BPBD"}, [(FindingKind.INSTITUTION, "BPBD")]),
        ({"phone": "0286 591893"}, [(FindingKind.PHONE, "0286 591893")]),
    ],
)
def test_a_short_institution_is_a_word_like_others(about, more):
    assert list(known_of(person(**about)))[4:] == more


def test_a_visitor_who_left_no_name_has_none_to_look_for():
    facts = known_of(person(name="Pengunjung"))
    assert facts == ((FindingKind.EMAIL, "aini@contoh.test"),)


def test_the_longest_of_what_begins_together_is_what_was_found():
    facts = [
        (FindingKind.NAME, "Siti"),
        (FindingKind.NAME, "Siti Rahayu"),
        (FindingKind.NAME, "Rahayu"),
    ]
    hits = findings("Siti Rahayu, Siti, dan Rahayu", facts)
    assert [each.text for each in hits] == ["Siti Rahayu", "Siti", "Rahayu"]
    assert findings("Siti", [(FindingKind.NAME, " ")]) == []


def test_all_of_it_must_be_confirmed():
    one, two = findings("081234567890 dan ani@contoh.co.id")
    require_confirmed([one, two], frozenset({one.key, two.key}))
    require_confirmed([], frozenset())
    with pytest.raises(PersonalDataLeft):
        require_confirmed([one, two], frozenset({one.key}))


def test_a_text_is_quoted_only_without_a_trace_of_its_writer():
    assert holds_no_personal_data(person(), "Penduduk 2025 menurut umur.")
    assert not holds_no_personal_data(person(), "Salam, aini")
    assert not holds_no_personal_data(person(), "Telepon 081234567890.")


def test_each_place_is_masked_and_what_stands_between_stays():
    facts = [(FindingKind.NAME, "Siti")]
    text = "Siti (ani@contoh.co.id) dan siti: 081234567890!"
    assert redact(text, facts) == "••• (•••) dan •••: •••!"


def test_two_that_touch_are_both_masked():
    facts = [(FindingKind.INSTITUTION, "BPBD (Wonosobo)")]
    text = "dari BPBD (Wonosobo)(0286) 591893."

    hits = [each.text for each in findings(text, facts)]

    assert hits == ["BPBD (Wonosobo)", "(0286) 591893"]
    assert redact(text, facts) == "dari ••••••."
