"""An address with a slash at its end leads to the page that was meant."""

import pytest

from tests.journeys.conftest import Browser


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("/cari/", "/cari"),
        ("/cari/?q=curah+hujan&kategori=data", "/cari?q=curah+hujan&kategori=data"),
        ("/konsultasi/baru/", "/konsultasi/baru"),
        ("/artikel/jumlah%20penduduk/", "/artikel/jumlah%20penduduk"),
        ("/petugas//", "/petugas"),
    ],
)
def test_a_slash_too_much_leads_to_the_page(visitor: Browser, asked: str, meant: str):
    answer = visitor.get(asked)

    assert (answer.status_code, answer.location) == (301, meant)


@pytest.mark.parametrize("path", ["/tidak-ada/", "/daftar/alamat/"])
def test_an_address_of_no_page_leads_nowhere(visitor: Browser, path: str):
    assert visitor.get(path).status_code == 404


def test_a_form_is_not_sent_on(visitor: Browser):
    assert visitor.post("/masuk/", {"email": "siti@contoh.test"}).status_code == 404


@pytest.mark.parametrize("path", ["//jahat.test/", "//cari/"])
def test_it_never_leads_to_another_host(visitor: Browser, path: str):
    answer = visitor.get("/", environ_overrides={"PATH_INFO": path})

    assert answer.location in (None, "/cari")
