"""Files of articles, by HTTP: offered where a published text names them."""

import io
import re

from tests.journeys.conftest import Browser
from tests.steps import ARTICLE, DESK, ask, made

ADDRESS = "/artikel/bagaimana-memperoleh-data-curah-hujan"


def published(writer: Browser, reviewer: Browser, page: str) -> None:
    assert writer.post(f"{page}/tinjauan").status_code == 303
    assert reviewer.post(f"{page}/penerbitan").status_code == 303


def attach(writer: Browser, page: str, content: bytes = b"%PDF-1.7 isi") -> str:
    """Attach a PDF; return the Markdown to copy into the text."""
    file = {"file": (io.BytesIO(content), "tabel.pdf")}
    assert writer.post(f"{page}/berkas", file).status_code == 303
    return re.findall(r"<code>(\[tabel.+?)</code>", writer.get(page).text)[-1]


def write(writer: Browser, page: str, base: int, **changed: str) -> None:
    form = {**ARTICLE, "base": str(base), **changed}
    assert writer.post(page, form).status_code == 303


def offered(answer: str) -> list[str]:
    """Return the files that a page of an article lists below its text."""
    return re.findall(
        r'href="(/artikel/berkas/[^"]+)"', answer.partition("<h2>Berkas")[2]
    )


def test_a_file_is_checked_and_offered_with_the_article(budi, rina, visitor):
    page = made(budi)
    bad = {"file": (io.BytesIO(b"<html>"), "tabel.pdf")}
    assert budi.post(f"{page}/berkas", bad).status_code == 409

    link = attach(budi, page)
    write(budi, page, 1, body=f"Ada di {link}.")
    published(budi, rina, page)

    [address] = offered(visitor.get(ADDRESS).text)
    answer = visitor.get(address)
    assert answer.data == b"%PDF-1.7 isi"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_file_is_offered_only_once_a_colleague_published_it(budi, rina, visitor):
    page = made(budi)
    published(budi, rina, page)

    link = attach(budi, page)
    assert "tidak tampil bagi pembaca" in budi.get(page).text
    assert "tabel.pdf" not in visitor.get(ADDRESS).text
    write(budi, page, 1, body=f"Ada di {link}.")
    assert "tidak tampil bagi pembaca" not in budi.get(page).text
    assert "tabel.pdf" not in visitor.get(ADDRESS).text
    published(budi, rina, page)

    assert offered(visitor.get(ADDRESS).text)


def test_a_file_taken_out_of_the_text_is_offered_no_more(budi, rina, visitor):
    page = made(budi)
    link = attach(budi, page)
    write(budi, page, 1, body=f"Ada di {link}.")
    published(budi, rina, page)
    [address] = offered(visitor.get(ADDRESS).text)

    write(budi, page, 2, body="Tanpa berkas.")
    assert visitor.get(address).status_code == 200
    published(budi, rina, page)

    assert "tabel.pdf" not in visitor.get(ADDRESS).text
    assert visitor.get(address).status_code == 404
    assert rina.get(address).status_code == 200


def test_who_was_answered_with_a_file_keeps_it(budi, rina, siti, dewi, visitor):
    page = made(budi)
    link = attach(budi, page)
    [address] = re.findall(r"\((/artikel/berkas/\S+)\)", link)
    ask(siti)
    ask(dewi)
    budi.post(f"{DESK}/pengambilan")
    budi.post(f"{DESK}/catatan", {"body": address})
    assert siti.get(address).status_code == 404

    budi.post(f"{DESK}/pesan", {"body": f"Lihat {address}", "then": "selesai"})

    answers = [each.get(address).status_code for each in (siti, dewi, visitor)]
    assert answers == [200, 404, 404]


def test_the_files_of_a_merged_article_are_read_in_the_other(budi, rina, visitor):
    page, other = made(budi), made(budi, title="Berapa curah hujan?")
    link = attach(budi, other)
    write(budi, other, 1, title="Berapa curah hujan?", body=f"Ada di {link}.")
    published(budi, rina, other)
    id = other.rpartition("/")[2]
    answer = budi.post(f"{page}/penggabungan", {"article": id})
    assert answer.status_code == 303, answer.text
    [address] = re.findall(r"\((/artikel/berkas/\S+)\)", link)
    assert visitor.get(address).status_code == 404

    published(budi, rina, page)

    assert offered(visitor.get(ADDRESS).text) == [address]
    assert visitor.get(address).status_code == 200
