"""Searches that ask the service about itself, and those that only sound like it."""

from dataclasses import replace

import pytest

from pst.knowledge.searches.service_facts import topic_of
from pst.office.setting_values import Settings

OFFICE = Settings(
    office_name="BPS Kabupaten Banjarnegara",
    city="Banjarnegara",
    address="Jl. Selamanik 33",
    phone="(0286) 591893",
    head_name="Ir. Sri Wahyuni",
)


@pytest.mark.parametrize(
    ("words", "topic"),
    [
        ("jam buka kantor", "hours"),
        ("jam layanan", "hours"),
        ("Kantor BPS buka jam berapa?", "hours"),
        ("apakah BPS Banjarnegara buka hari Sabtu", "hours"),
        ("alamat kantor bps", "address"),
        ("di mana kantor BPS Kabupaten Banjarnegara", "address"),
        ("nomor telepon bps", "phone"),
        ("kontak", "phone"),
        ("bagaimana cara menghubungi petugas", "phone"),
        ("siapa kepala BPS Banjarnegara", "head"),
        ("nama kepala kantor", "head"),
        ("cara menyampaikan pengaduan", "complaint"),
        ("keluhan pelayanan", "complaint"),
    ],
)
def test_a_search_for_the_office_is_understood(words: str, topic: str):
    assert topic_of(words, OFFICE) == topic


@pytest.mark.parametrize(
    "words",
    [
        "jumlah jam kerja buruh",
        "jam kerja",
        "jumlah kepala keluarga miskin",
        "penduduk yang memiliki telepon seluler",
        "alamat blok sensus",
        "kepadatan penduduk banjarnegara",
        "jumlah aduan masyarakat menurut kecamatan",
        "",
        "kantor " * 50,
    ],
)
def test_a_search_for_statistics_is_none_of_it(words: str):
    assert topic_of(words, OFFICE) is None


def test_what_the_office_has_not_settled_is_not_answered():
    bare = replace(OFFICE, address="", phone="", email="", head_name="")

    assert topic_of("alamat kantor bps", bare) is None
    assert topic_of("nomor telepon bps", bare) is None
    assert topic_of("siapa kepala bps", bare) is None
    assert topic_of("jam layanan", bare) == "hours"
