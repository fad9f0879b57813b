"""No text, however odd, takes long to be read: each of these took minutes or hours."""

from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from pst.knowledge.article.versions import compare
from pst.knowledge.privacy import FindingKind, findings
from pst.outbox.message.mail_parts import without_links
from pst.search.language.plain_text import plain_text
from pst.uploads.file_types import FileRefusal, recognise

LONG = 500_000


@pytest.mark.parametrize(
    "text",
    [
        "-" * LONG + "x",
        " -|:" * LONG + "x",
        "\n" * LONG + "x",
        "\u00a0" * LONG + "x",
        " " * LONG + "x|",
        "[" * LONG,
        "![" * LONG,
        "[a](" * LONG,
        "*a" * LONG,
    ],
    ids=lambda text: repr(text[:4]),
)
def test_a_text_of_one_sign_is_made_plain(text: str):
    plain_text(text)


@pytest.mark.parametrize("part", ["a", "/lampiran/", "a@", "0", "08 ", "a."])
def test_a_text_of_one_word_is_looked_through(part: str):
    findings(part * (LONG // len(part)))


def test_what_stands_in_a_long_word_is_found_all_the_same():
    hits = findings("a" * 1000 + "@contoh.test https://x.test/lampiran/7 b+c@d.test")

    assert [each.kind for each in hits] == [
        FindingKind.EMAIL,
        FindingKind.FILE,
        FindingKind.EMAIL,
    ]


def test_lines_across_and_below_the_heads_of_a_table_are_no_words():
    words = plain_text(
        "a\n\n---\n\n| b | c |\n| :--- | ---: |\n| d\u00a0e | f |\n- - -\n--"
    )

    assert words == "a\nb | c\nd e | f\n- -\n--"


def test_two_versions_of_the_same_few_words_are_compared():
    changes = compare("a " * 3999, "a x " * 1999)

    assert "".join(c.text for c in changes if c.kind != "out") == "a x " * 1999


def test_a_mail_of_nothing_but_addresses_is_shown():
    without_links("http://" * (LONG // 7))


def test_links_of_a_document_are_looked_through(tmp_path):

    path = tmp_path / "a.docx"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("word/_rels/settings.xml.rels", "attachedTemplate" * 60_000)

    with pytest.raises(FileRefusal):
        recognise(path.read_bytes(), "a.docx")
