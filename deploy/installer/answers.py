"""What the installer has to know: asked at a terminal, or read from a file.

Every question has a default, and what cannot be right is refused with a sentence.
"""

import getpass
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.installer.machine import Failed

Answers = dict[str, str]
ZONES = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")
SHORT_ZONES = {"WIB": ZONES[0], "WITA": ZONES[2], "WIT": ZONES[3]}
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
HOST = re.compile(rf"(?=.{{1,253}}$){LABEL}(\.{LABEL})*")
EMAIL = re.compile(r"[^\s@,;:<>\"'\\()]{1,64}@([^\s@,;:<>\"'\\()]+)")
CERTIFICATES = ("acme", "file", "self-signed")


class BadAnswer(Failed):
    """An answer that cannot be right; its text says why, and gives an example."""


@dataclass(frozen=True)
class Question:
    """One thing to know; `check` gives back the answer in its proper form."""

    name: str
    text: str
    check: Callable[[str], str]
    default: Callable[[Answers], str]
    is_secret: bool = False
    needed: Callable[[Answers], bool] = lambda answers: True
    # Only a file can answer it: no one is bothered with it.
    is_asked: bool = True
    # The default from before counts only while the answers to these are as before.
    goes_with: tuple[str, ...] = ()


def domain(text: str) -> str:
    name = text.strip().lower().removeprefix("https://").rstrip("/")
    if not HOST.fullmatch(name) or name.replace(".", "").isdigit():
        raise BadAnswer(f"{text!r} is no domain name. Example: pst.bps3304.id")
    return name


def server(text: str) -> str:
    """A host that mail is given to; empty when there is none yet."""
    if text.strip() and not HOST.fullmatch(text.strip().lower()):
        raise BadAnswer(f"{text!r} is no server name. Example: smtp.bps.go.id")
    return text.strip().lower()


def line(text: str) -> str:
    text = text.strip()
    if not text or len(text) > 200 or not text.isprintable():
        raise BadAnswer("Write one line of up to 200 characters.")
    return text


def optional(text: str) -> str:
    return line(text) if text.strip() else ""


def zone(text: str) -> str:
    name = SHORT_ZONES.get(text.strip().upper(), text.strip())
    if name not in ZONES:
        raise BadAnswer(f"{text!r} is none of {', '.join(ZONES)} (or WIB, WITA, WIT).")
    return name


def email(text: str) -> str:
    match = EMAIL.fullmatch(text.strip())
    if not match or not HOST.fullmatch(match[1].lower()) or len(text) > 200:
        raise BadAnswer(f"{text!r} is no e-mail address. Example: it@bps3304.id")
    return text.strip()


def port(text: str) -> str:
    if not text.strip().isdigit() or not 1 <= int(text) <= 65535:
        raise BadAnswer(f"{text!r} is no port: a number from 1 to 65535.")
    return str(int(text))


def certificate(text: str) -> str:
    if text.strip().lower() not in CERTIFICATES:
        raise BadAnswer(f"{text!r} is none of {', '.join(CERTIFICATES)}.")
    return text.strip().lower()


def address(text: str) -> str:
    """Where an ACME server tells what it offers; empty for Let's Encrypt."""
    if text.strip() and not re.fullmatch(r"https://[\w.:/-]+", text.strip()):
        raise BadAnswer(f"{text!r} is no address. Example: https://ca.contoh.id/dir")
    return text.strip()


def file(text: str) -> str:
    path = Path(text.strip())
    if not path.is_absolute() or not path.is_file():
        raise BadAnswer(f"There is no file {text!r}; give the whole path.")
    return str(path)


def _fixed(text: str) -> Callable[[Answers], str]:
    return lambda answers: text


def _own_name(answers: Answers) -> str:
    name = socket.getfqdn().lower()
    return name if "." in name and HOST.fullmatch(name) else "pst.localdomain"


def _sends(answers: Answers) -> bool:
    return bool(answers["smtp_server"])


def wants_acme(answers: Answers) -> bool:
    """Return whether certbot is to fetch the certificate and keep it fresh."""
    return answers["certificate"] == "acme"


def _has_file(answers: Answers) -> bool:
    return answers["certificate"] == "file"


# What stands in the settings, where one may write by hand what we would not.
BY_HAND = {"smtp_server", "smtp_port", "smtp_user", "smtp_password", "mail_from"}
QUESTIONS = (
    Question("domain", "Domain name of the service", domain, _own_name),
    Question(
        *("office_name", "Name of the office", line),
        _fixed("BPS Kabupaten Banjarnegara"),
    ),
    Question("time_zone", "Time zone (WIB, WITA, WIT)", zone, _fixed(ZONES[0])),
    Question(
        *("smtp_server", "Mail server (SMTP); empty: none yet", server, _fixed(""))
    ),
    Question("smtp_port", "  its port", port, _fixed("587"), needed=_sends),
    Question(
        *("smtp_user", "  account there; empty: none", optional, _fixed("")),
        needed=_sends,
    ),
    Question(
        *("smtp_password", "  password of that account", optional, _fixed(""), True),
        needed=lambda a: _sends(a) and bool(a["smtp_user"]),
        goes_with=("smtp_server", "smtp_user"),
    ),
    Question(
        *("mail_from", "  sender of the mails", email),
        lambda a: a["smtp_user"] if "@" in a["smtp_user"] else f"pst@{a['domain']}",
        needed=_sends,
    ),
    Question(
        *("admin_email", "E-mail of the first admin", email),
        lambda a: f"admin@{a['domain']}",
    ),
    Question("admin_name", "Name of the first admin", line, _fixed("Admin TI")),
    Question(
        "certificate",
        "Certificate: acme (Let's Encrypt; you agree to its terms), file, self-signed",
        certificate,
        _fixed("acme"),
    ),
    Question(
        *("acme_server", "  ACME server, when it is another", address, _fixed("")),
        needed=wants_acme,
        is_asked=False,
    ),
    Question(
        *("certificate_file", "  certificate with its chain (PEM)", file),
        *(_fixed(""), False, _has_file),
    ),
    Question("key_file", "  its key (PEM)", file, _fixed(""), False, _has_file),
    Question("http_port", "Port for HTTP", port, _fixed("80"), is_asked=False),
    Question("https_port", "Port for HTTPS", port, _fixed("443"), is_asked=False),
)


def read(path: Path) -> Answers:
    """Read `name = value` lines; raise `BadAnswer` for what is no question."""
    names = {question.name for question in QUESTIONS}
    answers: Answers = {}
    for number, text in enumerate(path.read_text().splitlines(), 1):
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        name, is_there, value = text.partition("=")
        if not is_there or name.strip() not in names:
            raise BadAnswer(
                f"{path}, line {number}: {text.strip()!r} is no `name = value` with a"
                f" name of {', '.join(sorted(names))}."
            )
        answers[name.strip()] = value.strip()
    return answers


def settle(answers: Answers, before: Answers) -> Answers:
    """Complete `answers` with what was answered before, or the defaults.

    A password that is left empty stays what it was.
    """

    def put(question: Question, default: str) -> str:
        reply = answers.get(question.name, default)
        return reply or default if question.is_secret else reply

    return _go_through(put, before)


def ask(before: Answers, read_line: Callable[[str], str] = input) -> Answers:
    """Ask at the terminal; an empty answer takes what stands in brackets."""

    def put(question: Question, default: str) -> str:
        if not question.is_asked:
            return default
        offer = "as before" if question.is_secret and default else default
        prompt = f"{question.text} [{offer}]: "
        while True:
            reply = (getpass.getpass if question.is_secret else read_line)(prompt)
            try:
                return question.check(reply) if reply.strip() else default
            except BadAnswer as error:
                print(f"  {error}")

    return _go_through(put, before)


def _go_through(answer: Callable[[Question, str], str], before: Answers) -> Answers:
    answers: Answers = {}
    for question in QUESTIONS:
        if not question.needed(answers):
            answers[question.name] = ""
            continue
        default = _standing(question, answers, before) or question.default(answers)
        reply = answer(question, default)
        if question.name in BY_HAND and reply == before.get(question.name):
            answers[question.name] = reply
            continue
        try:
            answers[question.name] = question.check(reply)
        except BadAnswer as error:
            raise BadAnswer(f"{question.name}: {error}") from error
    return answers


def _standing(question: Question, answers: Answers, before: Answers) -> str:
    is_same = all(before.get(name) == answers[name] for name in question.goes_with)
    return before.get(question.name, "") if is_same else ""


def written(answers: Answers) -> str:
    """Write the answers as a file that can be read again; without the password."""
    lines = [
        "# What was answered when PST was installed. deploy/install --answers FILE"
    ]
    for question in QUESTIONS:
        if not question.is_secret and answers[question.name]:
            lines.append(f"{question.name} = {answers[question.name]}")
    return "\n".join(lines) + "\n"
