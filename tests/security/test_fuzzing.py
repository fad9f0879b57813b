"""Every form, filled with any text: no crash, nothing of it comes back as markup.

The forms are found on the pages themselves, so that a new one is tried as well.
"""

import os
import re
import shutil
import zlib
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pst import create_app
from tests.conftest import settings_for
from tests.journeys.conftest import Browser
from tests.security.conftest import DESK, MINE, NUMBER, Office
from tests.security.routes import MAY, NAMES, written

FIELDS = ("input", "select", "textarea", "button")
REFERENCE = re.compile(r"Nomor rujukan: [0-9a-f]{8}")
MARK = "<zq\"'>"
ROLES = {**NAMES, "stranger": ""}
# What ends the log-in, or the person, that fills in the forms.
LEFT_OUT = re.compile(
    r"^/(keluar|akun/perangkat/|akun/data/penghapusan|akun/kata-sandi)"
)
PAGES = {
    "user": [MINE, f"{MINE}/penilaian", "/konsultasi/baru?jenis=data"]
    + [f"/konsultasi/baru?jenis={kind}" for kind in ("metadata", "classification")]
    + ["/konsultasi/baru?jenis=recommendation", "/artikel/apa-itu-inflasi"],
    "officer": [DESK, "/petugas/laporan/1", "/petugas/tindak-lanjut/TL-2026-000001"]
    + ["/petugas/tindak-lanjut/TL-2026-000001/email", "/petugas/artikel/1"]
    + ["/petugas/tindak-lanjut/templat/1", "/petugas/laporan/1/umpan-balik"],
    "head": ["/ketua/laporan/1"],
    "admin": ["/admin/pengguna/1", "/admin/surel/1", "/admin/kalender?tahun=2027"],
    "stranger": [],
}
QUERY = [
    *("q", "hal", "jenis", "subjek", "tahun", "next", "dari", "sampai", "objek"),
    *("lanjutan", "status", "peran", "pelaku", "tindakan", "urut", "periode"),
]
TEXTS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="\0\r\n\t\x1f\u2028\u202e\ufeff\ud7ff🙂é'\"<>&;%_\\", max_size=12),
    st.sampled_from(
        [
            *("", " ", "0", "-1", "1", "5", "99999999999999999999", "1e309", "NaN"),
            *("2026-02-30", "0000-00-00", "9999-12-31", "2026-03-02T25:00", "y", "on"),
            *("data", "officer", "ya", "2026-02", NUMBER, "siti@contoh.test", "a@b"),
            *("../../x", "' OR 1=1 --", "{{7*191}}", "%s%n", "\r\nX: y", "a" * 3000),
        ]
    ),
    st.just(MARK),
    # As long as a field takes, and longer; of characters that cost most.
    st.sampled_from(
        [
            *("a" * 9_999, "🙂" * 10_001, "a" + "\u0301\u0323" * 5_000),
            *("\ufdfa" * 3_000, "\uff9e" * 3_000, "[" * 9_000, "1." * 5_000),
            *("=" * 9_000, "\r\n" * 5_000, "a@" * 4_000, "salh " * 2_000),
        ]
    ),
)
# The same examples each time; in the night fresh ones (`PST_FRESH=1`), and more.
IS_FRESH = os.environ.get("PST_FRESH") == "1"
EXAMPLES = 5 if IS_FRESH else 1


@dataclass(frozen=True)
class Form:
    """A form as it stands on a page."""

    action: str
    fields: tuple[str, ...]


class Finder(HTMLParser):
    """Finds the forms on a page that change something."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.forms: list[tuple[str, list[str]]] = []
        self.is_within = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self.is_within = (told.get("method") or "").lower() == "post"
            if self.is_within:
                self.forms.append((told.get("action") or self.path, []))
        elif self.is_within and tag in FIELDS and told.get("name") != "csrf_token":
            self.forms[-1][1].extend([told["name"]] if told.get("name") else [])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_within = False


def forms_of(browser: Browser, role: str, office: Office) -> list[Form]:
    paths = [
        rule
        for access, method, rule in written()
        if method == "GET" and role in MAY[access] and "<" not in rule
    ]
    if role == "stranger":
        paths += [f"/{kind}/{token}" for kind, token in office.tokens.items()]
    found = set()
    for path in paths + PAGES[role]:
        answer = browser.get(path, follow_redirects=True)
        if answer.mimetype == "text/html":
            finder = Finder(path)
            finder.feed(answer.text)
            found |= {Form(action, tuple(names)) for action, names in finder.forms}
    kept = [form for form in found if not LEFT_OUT.match(urlsplit(form.action).path)]
    return sorted(kept, key=lambda form: (form.action, form.fields))


@pytest.mark.parametrize("role", list(ROLES))
def test_no_text_breaks_a_form_or_comes_back_raw(office: Office, role: str):
    browser = office[ROLES[role]] if ROLES[role] else Browser(office.app)
    forms = forms_of(browser, role, office)
    assert len(forms) > 3, "the forms were not found"
    tokens = {"": browser.token()}

    @settings(
        max_examples=8 * EXAMPLES,
        deadline=None,
        database=None,
        derandomize=not IS_FRESH,
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def fill_in(form: Form, data: st.DataObject) -> None:
        names = data.draw(st.sets(st.sampled_from(form.fields))) if form.fields else ()
        typed = {name: data.draw(TEXTS) for name in sorted(names)}
        answer = browser.client.post(
            form.action,
            data={**typed, "csrf_token": tokens[""]},
            buffered=True,
        )
        assert answer.status_code < 500, f"{form.action} {typed}"
        assert MARK not in answer.text, f"{form.action} {typed}"
        # The number of a refusal is made of such digits by chance.
        shown = REFERENCE.sub("", answer.text)
        assert "1337" not in shown or "1337" in str(typed), form.action
        if answer.status_code in (400, 401) or answer.location == "/masuk":
            if role != "stranger":
                browser.log_in(ROLES[role])
            tokens[""] = browser.token()

    for form in forms:
        fill_in(form=form)


@settings(
    max_examples=30 * EXAMPLES,
    deadline=None,
    database=None,
    derandomize=not IS_FRESH,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(query=st.dictionaries(st.sampled_from(QUERY), TEXTS, max_size=4))
def test_no_address_breaks_a_page(people, query: dict[str, str]):
    for role, browser in people.items():
        for access, method, rule in written():
            if method != "GET" or role not in MAY[access] or "<" in rule:
                continue
            if zlib.crc32(f"{rule}{sorted(query)}".encode()) % 12:
                continue  # a twelfth of the pages with each query
            answer = browser.get(rule, query_string=query)
            is_broken = answer.status_code >= 500 and rule != "/sehat"  # by design
            assert not is_broken, f"{rule} {query}"
            if answer.mimetype.startswith("text/"):
                assert MARK not in answer.text, f"{rule} {query}"


# What stands in an address where a number or a name is meant.
PARTS = ("0", "-1", "99999999999999999999", "a" * 300, "1" * 300, "%00", "é", "%2e%2e")


def test_no_part_of_an_address_breaks_a_page(people):
    broken = []
    for role, browser in people.items():
        for access, method, rule in written():
            first_role = next((each for each in people if each in MAY[access]), "user")
            if method != "GET" or role != first_role or "<" not in rule:
                continue
            for part in PARTS:
                address = re.sub(r"<[^>]+>", part, rule)
                if browser.get(address).status_code >= 500:
                    broken.append(address)
    assert not broken


@pytest.fixture(scope="module")
def people(built, tmp_path_factory):  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("fuzz")
    shutil.copytree(built, folder, dirs_exist_ok=True)
    for name in ("link_previews", "attachments"):  # as a service in use has them
        (folder / name).mkdir(exist_ok=True)
    app = create_app(settings_for(folder))
    return {
        "user": Browser(app).log_in("siti"),
        "officer": Browser(app).log_in("budi"),
        "head": Browser(app).log_in("hasan"),
        "admin": Browser(app).log_in("andi"),
    }
