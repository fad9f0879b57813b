"""No page breaks the rules it sends along, nor asks anybody else for anything."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Error

from tests.browser.conftest import Person
from tests.processes import Service
from tests.security.test_routes import MAY, NAMES, written

LISTEN = """
addEventListener("securitypolicyviolation", event => {
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
});
"""


@pytest.mark.parametrize("role", ["nobody", *NAMES])
def test_no_page_breaks_its_policy_or_asks_elsewhere(
    someone: Callable[..., Person], service: Service, role: str
):
    person = someone("desktop")
    person.page.add_init_script(LISTEN)
    asked: list[str] = []
    person.page.on("request", lambda request: asked.append(request.url))
    if role != "nobody":
        person.log_in(NAMES[role])

    broken = []
    for access, method, rule in written():
        if method != "GET" or role not in MAY[access] or "<" in rule:
            continue
        try:
            person.visit(rule)
        except Error as error:
            assert "Download is starting" in str(error) or "ERR_ABORTED" in str(error)
        person.page.wait_for_load_state()
        found = [text for text in person.complaints if "policy" in text.lower()]
        broken += [f"{rule}: {text}" for text in found]
        person.complaints.clear()

    assert not broken, "\n".join(broken)
    elsewhere = [url for url in asked if not url.startswith((service.url, "data:"))]
    assert not elsewhere


def test_the_second_step_is_set_up_from_a_picture(someone: Callable[..., Person]):
    officer = someone("phone").log_in("budi").visit("/akun/dua-langkah")
    officer.page.add_init_script(LISTEN)

    officer.press("Mulai")

    picture = officer.page.get_by_alt_text("Kode QR")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)")
    assert not officer.complaints


def test_a_broken_policy_would_be_noticed(someone: Callable[..., Person]):
    visitor = someone("desktop")
    visitor.page.add_init_script(LISTEN)
    visitor.visit("/")

    visitor.page.evaluate("document.body.setAttribute('style', 'color: red')")
    visitor.page.wait_for_timeout(200)

    assert any("policy" in text.lower() for text in visitor.complaints)
    visitor.complaints.clear()
