"""What people write as *Wilayah* leads to one region, in any spelling."""

import json
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask

from pst.database import db, transaction
from pst.list_files.problems import BadList
from pst.list_files.runs import ListSource
from pst.regions import importing, planning
from pst.regions.models import Region
from pst.regions.resolving import code_of, gazetteer
from pst.webapi.source import CatalogueSource
from tests.classifications.conftest import workbook
from tests.list_locks import watch
from tests.regions.conftest import LIST, bring_in


def region(code: str) -> Region:
    return db.session.scalars(sa.select(Region).filter_by(bps_code=code)).one()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Kecamatan Wanadadi", "3304120"),
        ("kec. wanadadi", "3304120"),
        ("Kec Wanadadi, Kab. Banjarnegara", "3304120"),
        ("wanadadi banjarnegara", "3304120"),
        ("WANADADI", "3304120"),
        ("Desa Wanadadi", "3304120001"),
        ("Ds. Wanadadi Kec. Wanadadi", "3304120001"),
        ("Purworejo Klampok", "3304020"),
        ("kec purwareja-klampok", "3304020"),
        ("Poerwaredja Klampok", "3304020"),
        ("kab banjarnegara", "3304"),
        ("Banjarnegara, Jawa Tengah", "3304"),
        ("kel. Krandegan", "3304130002"),
        ("Karangkemiri, Kec. Banjarmangu", "3304130001"),
        ("karang kemiri, wanadadi", "3304120002"),
        ("3304120", "3304120"),
        # Two villages have this name: no one knows which is meant.
        ("Karangkemiri", None),
        ("Kabupaten Wanadadi", None),
        ("seluruh kecamatan", None),
        ("", None),
        ("\x00" * 300, None),
    ],
)
def test_every_spelling_leads_to_one_region(regions: None, text: str, code: str | None):
    assert code_of(text) == code


def test_a_list_in_capitals_is_written_as_names_are(regions: None):
    assert region("3304020").title == "Kecamatan Purwareja Klampok"
    assert region("3304130002").title == "Kelurahan Krandegan"
    assert region("3304120001").kemendagri_code == "33.04.12.2001"


def test_a_new_name_takes_over_and_the_old_one_still_leads_there(regions: None):
    assert code_of("Banjarmangu") == "3304130"

    outcome = bring_in("Kode BPS;Nama\n3304130;Banjarmangu Baru\n")

    assert outcome.changed == ["3304130"]
    assert region("3304130").name == "Banjarmangu Baru"
    assert code_of("banjarmangu") == code_of("banjarmangu baru") == "3304130"


def test_run_again_it_changes_nothing(regions: None):
    assert bring_in(LIST).counts == {
        "made": 0,
        "changed": 0,
        "withdrawn": 0,
        "same": 9,
    }


def test_only_what_is_said_to_be_gone_is_withdrawn(regions: None):
    part = "Kode BPS;Nama\n3304130001;Karangkemiri\n"

    assert bring_in(part).withdrawn == []
    # Its other village is gone; those of the other kecamatan are not spoken of.
    assert bring_in(part, may_withdraw=True).withdrawn == ["3304130002"]
    assert code_of("Kelurahan Krandegan") is None
    assert code_of("Desa Wanadadi") == "3304120001"


def test_what_is_wrong_is_listed_and_nothing_is_taken(context: None):
    text = (
        "Kode BPS;Nama;Kode Kemendagri\n"
        "3304;Banjarnegara;33.04\n"
        "330;Terlalu pendek;\n"
        "3304;Dua kali;\n"
        "3304010;;33.04.01\n"
        "3304020;Klampok;33-04\n"
        ";Tanpa kode;\n"
    )
    with pytest.raises(BadList) as refused:
        bring_in(text)

    assert list(map(str, refused.value.problems)) == [
        "Baris 7: tidak ada kode: “Tanpa kode”",
        "Baris 3: “330” bukan kode wilayah BPS",
        "Baris 4: kode 3304 sudah ada di baris 2",
        "Baris 5: kode 3304010 tidak mempunyai nama",
        "Baris 6: “33-04” bukan kode Kemendagri",
    ]
    assert db.session.scalar(sa.select(sa.func.count(Region.id))) == 0


def test_a_village_without_its_kecamatan_is_refused(regions: None):
    with pytest.raises(BadList, match="wilayah 3304990 tidak ada"):
        bring_in("Kode BPS;Nama\n3304990001;Yatim\n")


def test_a_spreadsheet_that_took_codes_for_numbers_is_read(context: None):
    rows = [
        ("Kode BPS", "Nama", "Kode Kemendagri"),
        (3310, "Kabupaten Contoh", 33.10),
        (3310010, "Kecamatan Satu", "331001"),
    ]
    outcome = importing.bring_in(
        lambda: importing.read(workbook(rows)), ListSource("uji")
    )

    assert outcome.made == ["3310", "3310010"]
    assert region("3310").kemendagri_code == "33.10"
    assert region("3310010").kemendagri_code == "33.10.01"
    assert "33.1 dibaca sebagai 33.10" in str(outcome.findings.notes[0])


def test_the_bridging_list_gives_both_codes_and_names(regions: None):
    rows = [
        {
            "kode_bps": "3304130",
            "nama_bps": "BANJARMANGU",
            "kode_dagri": "33.04.13",
            "nama_dagri": "BANJAR MANGU KULON",
        }
    ]
    file = BytesIO(json.dumps(rows).encode())

    importing.bring_in(lambda: importing.read(file), ListSource("jembatan"))

    assert code_of("Kec. Banjar Mangu Kulon") == "3304130"


def test_the_answer_of_simdasi_is_read(context: None):
    inner = {"status": 200, "data": [{"kode": "3304010", "nama": "Susukan"}]}
    answer = {"status": "OK", "data": [{"page": 0}, inner]}

    regions, _ = importing.read(BytesIO(json.dumps(answer).encode()))

    assert [(each.bps_code, each.kind, each.name) for each in regions] == [
        ("3304010", "Kecamatan", "Susukan")
    ]


def test_a_village_is_suggested_with_its_kecamatan(regions: None):
    assert "Desa Karangkemiri, Kec. Wanadadi" in gazetteer().suggestions
    assert gazetteer().larger[-1] == "Kecamatan Banjarmangu"
    for name in gazetteer().suggestions:
        assert code_of(name), name


def test_the_command_imports_and_reports(app: Flask, tmp_path):
    file = tmp_path / "wilayah.csv"
    file.write_text(LIST)
    run = app.test_cli_runner().invoke

    output = run(args=["regions", "import", str(file)]).output
    assert "9 made" in output
    assert "village: 4" in run(args=["regions", "status"]).output


def test_others_write_while_the_rows_of_a_list_are_made(regions: None, monkeypatch):
    calls = watch(monkeypatch, planning, "_compare")

    bring_in(LIST.replace("Banjarmangu", "Banjar Mangu"))

    assert len(calls) == 9


def test_a_list_is_compared_again_when_another_came_in_between(
    regions: None, monkeypatch
):
    real, between = importing.planning.plan, ["Banjarmangu Baru"]

    def planned(*args):
        plan = real(*args)
        while between:
            bring_in(LIST.replace("Banjarmangu", between.pop()))
        return plan

    monkeypatch.setattr(importing.planning, "plan", planned)
    outcome = bring_in(LIST.replace("Banjarmangu", "Banjarmangu Lama"))

    assert outcome.changed == ["3304130"]
    assert code_of("Banjarmangu Baru") == code_of("Banjarmangu Lama") == "3304130"


@pytest.mark.parametrize(
    ("domains", "codes"),
    [
        (["3304"], ["33", "3304", "3304120", "3304120001"]),
        (["3304", "3300"], ["33", "3304", "3305", "3304120", "3304120001"]),
        (["3300"], ["33", "3304", "3305", "3304120", "3305010", "3304120001"]),
    ],
)
def test_of_a_list_of_the_country_only_our_areas_are_taken(
    context: None, domains: list[str], codes: list[str]
):
    with transaction():
        CatalogueSource.change("kunci", domains, None)
    country = """Kode BPS;Nama
33;Jawa Tengah
34;DI Yogyakarta
3304;Banjarnegara
3305;Kebumen
3404;Sleman
3304120;Wanadadi
3305010;Ayah
3404010;Moyudan
3304120001;Wanadadi
"""

    outcome = bring_in(country)

    assert sorted(outcome.made, key=lambda code: (len(code), code)) == codes
    assert "di luar area kantor dilewati" in str(outcome.findings.notes[0])


def test_more_regions_than_a_province_has_are_refused(regions: None, monkeypatch):
    monkeypatch.setattr(planning, "MAX_REGIONS", 10)
    more = "".join(f"3304{n:03};Kecamatan {n}\n" for n in (140, 150))

    with pytest.raises(BadList, match="11 wilayah terlalu banyak"):
        bring_in(f"Kode BPS;Nama\n{more}")

    bring_in(f"Kode BPS;Nama\n{more.splitlines()[0]}\n")
