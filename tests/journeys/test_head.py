"""The first screen of the head, as pages say it."""

from tests.steps import head_address, sent_report


def test_reports_that_wait_stand_first_and_say_so(budi, hasan):
    assert "Tidak ada." in hasan.get("/ketua").text
    address = sent_report(budi)

    page = hasan.get("/ketua").text
    assert page.index("Laporan Februari 2026") < page.index("lewat tenggat")
    assert "Menunggu persetujuan" in page
    assert head_address(address) in page
    shelf = hasan.get("/ketua/laporan").text
    assert shelf.index("Menunggu persetujuan Anda") < shelf.index("Semua laporan")

    hasan.post(f"{head_address(address)}/persetujuan")
    assert "Menunggu persetujuan" not in hasan.get("/ketua").text
    assert "Menunggu persetujuan" not in hasan.get("/ketua/laporan").text


def test_the_head_starts_on_the_first_screen(hasan):
    assert hasan.get("/masuk").location == "/ketua"
    page = hasan.get("/ketua").text

    assert "Pekerjaan petugas hari ini" in page
    assert "Februari 2026 dibandingkan Januari 2026" in page
    assert 'aria-current="page"' in page
