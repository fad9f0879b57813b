"""Look at the service as a visitor would: through the front door."""

import http.client
import json
import smtplib
import socket
import ssl
import stat
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from urllib.parse import unquote, urlsplit

from deploy.installer import front, places, release, settings, units
from deploy.installer.answers import Answers, wants_acme
from deploy.installer.machine import log

PATIENCE_S = 90
A_WEEK_S = "604800"
VITAL = ("database", "disk", "redis", "worker", "scheduler")


class Front(http.client.HTTPSConnection):
    """A connection to this machine under the public name, with any certificate."""

    def __init__(self, domain: str, port: int) -> None:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        super().__init__(domain, port, timeout=30, context=context)
        self.context = context

    def connect(self) -> None:
        plain = socket.create_connection(("127.0.0.1", self.port), self.timeout)
        self.sock = self.context.wrap_socket(plain, server_hostname=self.host)


class Door:
    """The front door, and what is seen there."""

    def __init__(self, answers: Answers) -> None:
        self.domain = answers["domain"]
        self.port = int(answers["https_port"])
        self.http_port = int(answers["http_port"])
        self.is_renewed = wants_acme(answers)

    def get(self, path: str, host: str = "") -> http.client.HTTPResponse:
        with closing(Front(self.domain, self.port)) as connection:
            connection.request("GET", path, headers={"Host": host or self.name})
            answer = connection.getresponse()
            answer.body = answer.read()  # type: ignore[attr-defined]
            return answer

    @property
    def name(self) -> str:
        return self.domain if self.port == 443 else f"{self.domain}:{self.port}"

    def page(self) -> str | None:
        """The home page comes, with its policy"""
        answer = self.get("/")
        if answer.status != 200:
            return f"it answers {answer.status}"
        missing = [
            name
            for name in ("Content-Security-Policy", "Strict-Transport-Security")
            if not answer.getheader(name)
        ]
        return f"no {', '.join(missing)}" if missing else None

    def http2(self) -> str | None:
        """HTTP/2 and TLS 1.3"""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_alpn_protocols(["h2"])
        with (
            socket.create_connection(("127.0.0.1", self.port), 30) as plain,
            context.wrap_socket(plain, server_hostname=self.domain) as tls,
        ):
            protocols = tls.selected_alpn_protocol(), tls.version()
        return None if protocols == ("h2", "TLSv1.3") else f"it speaks {protocols}"

    def certificate(self) -> str | None:
        """The certificate holds for another week, and will be renewed"""
        with closing(Front(self.domain, self.port)) as connection:
            connection.connect()
            der = connection.sock.getpeercert(binary_form=True)
        words = ["openssl", "x509", "-inform", "DER", "-noout", "-checkend", A_WEEK_S]
        if subprocess.run(words, input=der, capture_output=True).returncode:
            return "it ends within a week, or has ended"
        if self.is_renewed and not units.is_active(front.RENEWAL):
            return f"{front.RENEWAL} is not active"
        return None

    def redirect(self) -> str | None:
        """Plain HTTP leads to HTTPS"""
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=30)
        with closing(connection):
            connection.request("GET", "/masuk", headers={"Host": self.domain})
            location = connection.getresponse().getheader("Location")
        address = f"https://{self.name}/masuk"
        return None if location == address else f"it leads to {location}"

    def metrics(self) -> str | None:
        """The figures are for this machine, and whom nginx is told to let near"""
        answer = self.get("/metrics")
        return None if answer.status == 200 else f"/metrics answers {answer.status}"

    def verdict(self) -> str | None:
        """A stranger is told no more than a verdict"""
        names = list(json.loads(self.get("/sehat").body))  # type: ignore[attr-defined]
        return None if names == ["status"] else f"/sehat tells {', '.join(names)}"

    def stranger(self) -> str | None:
        """Another name is not served"""
        answer = self.get("/", host="other.example")
        return None if answer.status in (400, 421) else f"it answers {answer.status}"

    def health(self) -> str | None:
        """Database, disk, Redis, worker and scheduler are well"""
        until = time.monotonic() + PATIENCE_S
        while True:
            checks = _checks()
            ill = [name for name in VITAL if checks.get(name) != "good"]
            if not ill:
                return None
            if time.monotonic() > until:
                return f"not well: {', '.join(ill)}"
            time.sleep(2)


class Back(http.client.HTTPConnection):
    """A connection to the web server itself, past nginx: it tells more."""

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(places.WEB_SOCKET))


def _checks() -> dict[str, str]:
    """Ask the web server how each part is; nothing when it does not say."""
    try:
        with closing(Back("localhost", timeout=30)) as connection:
            connection.request("GET", "/sehat")
            health = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return {}
    return dict(health.get("checks", {}))


def version() -> str | None:
    """The version in use is the one that runs"""
    newest, running = release.current(), units.version_running()
    is_right = newest is not None and newest.name == running
    return None if is_right else f"{running} runs"


def running() -> str | None:
    """Every unit is up"""
    parts = [units.SOCKET, *units.services(), *units.TIMERS, "nginx.service"]
    down = [unit for unit in parts if not units.is_active(unit)]
    return f"down: {', '.join(down)}" if down else None


def secrets() -> str | None:
    """The settings are for root alone"""
    mode = stat.S_IMODE(places.SETTINGS.stat().st_mode)
    return None if mode == 0o600 else f"{places.SETTINGS} has mode {mode:o}"


def mail() -> str | None:
    """The mail server takes our account"""
    url = settings.read().get("PST_MAIL_URL", "")
    if not url:
        return "none is set: mails wait in the outbox (/admin/surel)"
    parts = urlsplit(settings.quoted(url))
    host, port = parts.hostname or "", parts.port or 25
    try:
        kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
        with kind(host, port, timeout=20) as server:
            if parts.password and parts.scheme == "smtp":
                server.starttls(context=ssl.create_default_context())
            if parts.password:
                server.login(unquote(parts.username or ""), unquote(parts.password))
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return f"{host}:{port}: {error}"
    return None


def everything(answers: Answers) -> bool:
    """Look at all of it; say what is not well, and whether nothing vital is."""
    door = Door(answers)
    looks = (door.page, door.http2, door.redirect, door.health, door.stranger)
    looks += (door.metrics, door.verdict, version, running, secrets)
    is_well = all([_look(look) for look in looks])
    for look in (door.certificate, mail):  # no reason to go back to an old version
        _look(look, is_needed=False)
    return is_well


def _look(look: Callable[[], str | None], is_needed: bool = True) -> bool:
    name = (look.__doc__ or "").strip()
    try:
        wrong = look()
    except (OSError, http.client.HTTPException) as error:
        wrong = f"{type(error).__name__}: {error}"
    if wrong is None:
        log.say(f"  ok   {name}")
    elif is_needed:
        log.say(f"  BAD  {name}: {wrong}")
    else:
        log.warn(f"{name}: {wrong}")
    return wrong is None
