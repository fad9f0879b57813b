"""The trail on its screen: filtered, taken along, and kept by no one else."""

from tests.journeys.conftest import Browser

READ = "<td>Percakapan dibaca</td>"
REQUEST = {
    "subject": "Konsep angka kemiskinan",
    "description": "Bagaimana garis kemiskinan dihitung?",
    "concept": "Garis kemiskinan",
    "purpose": "penelitian",
    "key": "k1",
}


def test_the_trail_shows_who_did_what_and_can_be_filtered(andi, app):
    Browser(app).log_in("siti")
    andi.post("/admin/pengaturan", {"city": "Wonosobo"})

    whole = andi.get("/admin/audit").text
    filtered = andi.get("/admin/audit?tindakan=change_settings").text

    assert "Siti Rahayu" in whole
    assert "Pengaturan diubah" in filtered
    assert "Siti Rahayu" not in filtered
    assert "Siti Rahayu" in andi.get("/admin/audit?pelaku=siti").text
    assert "Tidak ada catatan" in andi.get("/admin/audit?dari=2027-01-01").text
    assert andi.get("/admin/audit?dari=kemarin&hal=x").status_code == 200


def test_the_trail_is_taken_along_as_a_harmless_table(andi, app):
    answer = andi.get("/admin/audit/unduhan?tindakan=log_in")

    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.text.startswith("\ufeffid;waktu_utc;")
    assert "Andi Pratama" in answer.text
    other = andi.get("/admin/audit/unduhan?tindakan=log_in&bentuk=internasional")
    assert other.text.startswith("\ufeffid,waktu_utc,")
    assert "Diunduh" in andi.get("/admin/audit").text, "and that is in the trail too"


def test_no_proxy_and_no_shared_computer_keeps_the_trail(andi):
    answer = andi.get("/admin/audit/unduhan")

    assert answer.headers["Cache-Control"] == "no-store, private"


def test_a_day_before_all_days_is_explained_and_takes_nothing_along(andi):
    for day in ("0001-01-01", "1999-12-31", "2101-01-01", "kemarin"):
        answer = andi.get(f"/admin/audit?dari={day}")
        taken = andi.get(f"/admin/audit/unduhan?sampai={day}")

        assert answer.status_code == 200
        assert "Isi tahun 2000 sampai 2100" in answer.text
        assert taken.status_code == 422
        assert "Isi tahun 2000 sampai 2100" in taken.text
    for day in ("2000-01-01", "2100-12-31"):
        assert "Isi tahun" not in andi.get(f"/admin/audit?dari={day}").text
        assert andi.get(f"/admin/audit/unduhan?sampai={day}").status_code == 200


def test_reading_another_s_conversation_is_in_the_trail_once_a_day(andi, app, at):
    siti, budi, rina = (Browser(app).log_in(name) for name in ("siti", "budi", "rina"))
    siti.post("/konsultasi/baru?jenis=metadata", REQUEST)
    budi.post("/petugas/konsultasi/KS-2026-000001/pengambilan")

    budi.get("/petugas/konsultasi/KS-2026-000001")
    siti.get("/konsultasi/KS-2026-000001/pesan")
    assert READ not in andi.get("/admin/audit?pelaku=budi").text, "their own"

    for _ in range(3):
        rina.get("/petugas/konsultasi/KS-2026-000001")
    assert andi.get("/admin/audit?tindakan=read").text.count(READ) == 1

    at("2026-03-03 09:30+07:00")
    Browser(app).log_in("rina").get("/petugas/konsultasi/KS-2026-000001")
    andi = Browser(app).log_in("andi")
    assert andi.get("/admin/audit?tindakan=read").text.count(READ) == 2
