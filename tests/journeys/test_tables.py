"""A pasted table on its way: conversation, copy of one's data, draft of an article."""

import html
import re
import zipfile
from io import BytesIO

from tests.steps import DESK, MINE, NUMBER, ask, cells

PASTED = "\t2023\t2024\t2025\r\nWanadadi\t33.000\t\t33.900\r\nBatur\t1\t2\t\r\n"
SHOWN = [
    ["", "2023", "2024", "2025"],
    ["Wanadadi", "33.000", "", "33.900"],
    ["Batur", "1", "2", ""],
]
WRITTEN = (
    "|  | 2023 | 2024 | 2025 |\n| --- | ---: | ---: | ---: |\n"
    "| Wanadadi | 33.000 |  | 33.900 |\n| Batur | 1 | 2 |  |"
)


def test_a_table_is_the_same_for_both_in_the_copy_and_in_a_draft(siti, budi):
    ask(siti)
    siti.post(f"{MINE}/pesan", {"body": PASTED})
    budi.post(f"{DESK}/pengambilan")
    budi.post(f"{DESK}/pesan", {"body": f"Yang benar:\r\n{PASTED}\r\n  a\r\n    b"})
    budi.post(f"{DESK}/catatan", {"body": PASTED})

    assert cells(siti.get(MINE).text) == SHOWN * 2
    desk = budi.get(DESK).text
    assert cells(desk) == SHOWN * 3
    assert "</div>\n  a\n    b</div>" in desk

    with zipfile.ZipFile(BytesIO(siti.get("/akun/data/unduhan").data)) as archive:
        assert cells(archive.read("data.html").decode()) == SHOWN * 2
        assert "pre-wrap" in archive.read("data.css").decode()

    for id in re.findall(r'<li\s+class="\s*msg[^"]*"\s+id="message-(\d+)"', desk)[:2]:
        budi.post(f"{DESK}/tanda", {"mark": f"final {id}"})
    draft = html.unescape(budi.get(f"/petugas/artikel/baru?konsultasi={NUMBER}").text)
    assert WRITTEN in draft
    assert "> " + WRITTEN.replace("\n", "\n> ") in draft
