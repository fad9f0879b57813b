"""What of a mail its writer wrote: no quotes, no signature, no small logo."""

from email.message import EmailMessage

import pytest

from pst.outbox.incoming import reply_text
from pst.outbox.incoming.reply_text import without_quotes, written


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Baik.\n\nOn Mon, 2 Mar 2026 at 09:30, PST <a@b.test> wrote:\n> x", "Baik."),
        ("> tahun?\n2025\n> wilayah?\nWanadadi", "2025\nWanadadi"),
        ("Baik.\n\n-----Original Message-----\nFrom: a@b.test\nx", "Baik."),
        ("Baik.\n________________________________\nDari: a@b.test\nx", "Baik."),
        ("Baik.\n\n-- \nSiti\nDinas", "Baik."),
        ("Baik.\n\nDikirim dari iPhone saya", "Baik."),
        ("Menurut saya: Dari mana data ini?", "Menurut saya: Dari mana data ini?"),
        ("Dari: tahun 2020\nSampai: 2025", "Dari: tahun 2020\nSampai: 2025"),
        (
            "Pada tabel itu petugas menulis:\njumlah 10",
            "Pada tabel itu petugas menulis:\njumlah 10",
        ),
        ("a\tb\n1\t2", "a\tb\n1\t2"),
    ],
)
def test_only_what_is_quoted_is_left_out(text: str, kept: str):
    assert without_quotes(text) == kept


def test_a_mail_in_html_alone_is_read_as_text():
    mail = EmailMessage()
    mail["Subject"] = "Re"
    mail.set_content(
        "<html><head><style>p{}</style></head><body><p>Tahun <b>2025</b></p>"
        "<div>Kec. Wanadadi</div><br><div class='gmail_quote'>Pada 2 Mar menulis:"
        "<blockquote>rahasia</blockquote></div></body></html>",
        subtype="html",
    )
    text = written(mail)

    assert "Tahun 2025" in text and "Kec. Wanadadi" in text
    assert "rahasia" not in text and "p{}" not in text


def test_what_a_mail_program_marks_as_quoted_is_left_out():
    mail = EmailMessage()
    mail.set_content(
        "<p>Tahun 2025.</p><div dir='ltr' class='gmail_quote'>Tahun berapa?</div>",
        subtype="html",
    )

    assert written(mail).strip() == "Tahun 2025."


def test_a_picture_in_the_text_is_a_file_unless_it_is_a_small_logo():
    mail = EmailMessage()
    mail.set_content("Lihat gambar.")
    small, large = b"\x89PNG" + b"0" * 7_995, b"\x89PNG" + b"0" * 7_996
    for content, how, name in (
        (small, "inline", "logo.png"),
        (large, "inline", "layar.png"),
        (small, "attachment", "kecil.png"),
    ):
        kind = {"maintype": "image", "subtype": "png", "disposition": how}
        mail.add_attachment(content, filename=name, **kind)

    names = [file.name for file in reply_text.files(mail)]

    assert names == ["layar.png", "kecil.png"]


def test_a_reply_of_very_many_lines_is_read_once_through(monkeypatch):
    looks = []
    real = reply_text._heading_length

    def count(lines: list[str], at: int) -> int:
        looks.append(at)
        return real(Watched(lines), at)

    monkeypatch.setattr(reply_text, "_heading_length", count)
    text = "a\n" * 3_000 + "-- \n" * 3_000 + "> b"

    assert without_quotes(text).count("a") == 3_000
    assert len(looks) <= 6_001
    assert Watched.read <= 30 * len(looks)


class Watched(list):
    """Lines that count how many of them are read."""

    read = 0

    def __getitem__(self, place):
        lines = super().__getitem__(place)
        Watched.read += len(lines) if isinstance(place, slice) else 1
        return lines
