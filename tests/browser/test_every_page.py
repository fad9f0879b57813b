"""Every page, as everyone who may see it, on a phone in an office with work to do.

No page breaks the policy it sends along, asks anyone else for anything, is wider than
the screen, or keeps out who reads with ears or keys (axe-core: WCAG 2.2 A and AA).
"""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error

from tests.browser.conftest import Person
from tests.browser.steps import WIDER
from tests.forking import QuickService
from tests.processes import Service
from tests.security.routes import LAST, MAY, NAMES, written
from tests.served import MORNING

LISTEN = """
addEventListener("securitypolicyviolation", event => {
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
});
"""
ADDRESSES = "[...document.querySelectorAll('a[href]')].map(a => a.href)"
IS_XML = "document.contentType === 'application/xml'"
IS_PAGE = "document.contentType === 'text/html' && document.doctype !== null"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# Each kind of person has links of their own here.
OF_EVERYBODY = ("/", "/akun", "/petugas", "/petugas/konsultasi/<number>")
NOT_A_PAGE = ("/metrics", "/keluar", "/masuk/keadaan")
CARD = "/konsultasi/<number>/jawaban/<int:id>"
CORRECTION = "/konsultasi/<number>/pesan/<int:id>/perbaikan"
ARGUMENT = re.compile(r"<(?:(int|path):)?\w+>")
KINDS = {"int": r"\d+", "path": r".+", None: r"[^/]+"}


@pytest.fixture(scope="module")
def service(
    prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """An office with open and closed consultations, ratings and a report's figures."""
    folder = tmp_path_factory.mktemp("busy") / "data"
    shutil.copytree(prepared, folder)
    service = QuickService(folder, tmp_path_factory.mktemp("s"))
    service.at(MORNING)
    service.flask("demo", "office", "--open", "12", "--closed", "40")
    try:
        service.start("redis", "web")
        yield service
    finally:
        service.stop()


@pytest.fixture(scope="module")
def seen() -> set[str]:
    """The kinds of page that someone has seen; the next person sees the rest."""
    return set()


@pytest.mark.parametrize("role", ["stranger", *NAMES])
def test_no_page_breaks_its_rules(
    someone: Callable[..., Person], service: Service, role: str, seen: set[str]
):
    person = someone("phone")
    person.page.add_init_script(LISTEN)
    asked: list[str] = []
    person.page.on("request", lambda request: asked.append(request.url))
    if role != "stranger":
        person.log_in(NAMES[role])
    if role == "user":
        talk(person, someone())

    wrong = [
        f"{path}: {fault}"
        for _rule, path in pages(person, role, seen)
        for fault in faults(person)
    ]

    assert not wrong, "\n".join(wrong)
    if role == "user":
        assert {CARD, CORRECTION} <= seen
    elsewhere = [url for url in asked if not url.startswith((service.url, "data:"))]
    assert not elsewhere


def ask(person: Person) -> None:
    person.visit("/konsultasi/baru?jenis=data")
    person.fill("Subjek", "Jumlah penduduk")
    person.fill("Wilayah", "Wanadadi")
    person.fill("Tahun", "2025")
    person.fill("Uraian", "Menurut umur dan jenis kelamin.")
    person.press("Ajukan konsultasi")
    person.sees_title("Jumlah penduduk")


def talk(person: Person, officer: Person) -> None:
    """A request with a final answer, and a message that may still be corrected."""
    ask(person)
    number = person.page.url.rpartition("/")[2]
    officer.log_in("budi").visit(f"/petugas/konsultasi/{number}")
    officer.press("Ambil")
    officer.fill("Pesan", "Ini tabelnya.\nSumber: BPS, https://www.bps.go.id/tabel.")
    officer.send("Selesai")
    officer.sees("Kutip jawaban ini")
    officer.leave()
    person.sees("Kutip jawaban ini")
    person.fill("Pesan", "Dan untuk 2024?")
    person.press("Kirim")
    person.sees("Perbaiki")


def pages(person: Person, role: str, seen: set[str]) -> Iterator[tuple[str, str]]:
    """Visit one page of each kind: those with a fixed address, and those they link."""
    rules = [
        rule
        for access, method, rule in written()
        if method == "GET"
        and role in MAY[access]
        and (rule not in seen or rule in OF_EVERYBODY)
        and rule not in NOT_A_PAGE
    ]
    patterns = {rule: pattern(rule) for rule in rules if "<" in rule}
    fixed = {rule for _access, _method, rule in written() if "<" not in rule}
    waiting = [(rule, rule) for rule in rules if "<" not in rule]
    waiting.sort(key=lambda found: found[0] in LAST)
    while waiting:
        rule, path = waiting.pop(0)
        if not opens(person, path):
            continue
        seen.add(rule)
        yield rule, path
        for address in person.page.evaluate(ADDRESSES):
            found = address.removeprefix(person.url).partition("?")[0].partition("#")[0]
            if found in fixed:  # "/konsultasi/baru" is no conversation
                continue
            for other in [o for o, matches in patterns.items() if matches(found)]:
                del patterns[other]
                waiting.append((other, found))


def pattern(rule: str) -> Callable[[str], object]:
    parts = ARGUMENT.split(rule)
    text = "".join(
        re.escape(part) if n % 2 == 0 else KINDS[part] for n, part in enumerate(parts)
    )
    return re.compile(text).fullmatch


def opens(person: Person, path: str) -> bool:
    """Go there; a download is no page."""
    try:
        person.visit(path)
    except Error as error:
        assert "Download is starting" in str(error) or "ERR_ABORTED" in str(error)
        return False
    person.page.wait_for_load_state()
    return True


def faults(person: Person) -> Iterator[str]:
    if person.page.evaluate(IS_XML):  # Chromium's own view of it has inline styles
        person.complaints.clear()
    yield from [text for text in person.complaints if "policy" in text.lower()]
    person.complaints.clear()
    if not person.page.evaluate(IS_PAGE):
        return
    wider = person.page.evaluate(WIDER)
    if wider > 0:
        yield f"{wider} px wider than the screen"
    for found in Axe().run(person.page, options=RULES).response["violations"]:
        nodes = [node["html"][:120] for node in found["nodes"][:3]]
        yield f"{found['id']}: {found['help']}: {nodes}"


def test_a_broken_policy_would_be_noticed(someone: Callable[..., Person]):
    visitor = someone("desktop")
    visitor.page.add_init_script(LISTEN)
    visitor.visit("/")

    with visitor.page.expect_console_message(lambda said: "policy" in said.text):
        visitor.page.evaluate("document.body.setAttribute('style', 'color: red')")

    visitor.complaints.clear()


def test_a_picture_made_here_is_shown(someone: Callable[..., Person]):
    officer = someone("phone").log_in("budi").visit("/akun/dua-langkah")
    officer.page.add_init_script(LISTEN)

    officer.press("Mulai")

    picture = officer.page.get_by_alt_text("Kode QR")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)")
    assert not officer.complaints
