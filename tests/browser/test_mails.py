"""Every mail on a narrow phone and on a wide screen, in both colour schemes."""

from typing import Literal

import pytest
from flask import Flask, current_app
from playwright.sync_api import Browser

from pst.outbox.message import html
from tests.outbox.every_mail import KINDS, write

PHONE, WIDE, MAX_WIDTH = 360, 1366, 600
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LOOK = """() => {
  const text = document.querySelector('p');
  const rgb = c => (c.match(/\\d+/g) || []).map(Number);
  const light = c => rgb(c).slice(0, 3).reduce((a, b) => a + b, 0) / 3;
  const style = getComputedStyle(document.body);
  return {
    width: document.documentElement.scrollWidth,
    size: getComputedStyle(text).fontSize,
    column: document.body.firstElementChild.getBoundingClientRect().width,
    contrast: Math.abs(light(style.color) - light(style.backgroundColor)),
    back: light(style.backgroundColor),
  };
}"""


@pytest.fixture
def mails(app: Flask, at: object) -> dict[str, str]:
    with app.app_context():
        written = {kind: write(kind) for kind in KINDS}
        with current_app.test_request_context():
            return {kind: html.render(*mail) for kind, mail in written.items()}


def test_every_mail_fits_its_window(chromium: Browser, mails: dict[str, str]):
    wrong = []
    for scheme in SCHEMES:
        for width in (PHONE, WIDE):
            page = chromium.new_page(
                viewport={"width": width, "height": 800}, color_scheme=scheme
            )
            for kind, mail in mails.items():
                page.set_content(mail)
                look = page.evaluate(LOOK)
                is_well = (
                    look["width"] <= width
                    and look["size"] == "16px"
                    and look["column"] <= MAX_WIDTH + 32
                    and look["contrast"] > 150
                    and (look["back"] < 60) == (scheme == "dark")
                )
                if not is_well:
                    wrong.append((kind, scheme, width, look))
            page.close()
    assert not wrong
