"""Firefox and WebKitGTK, each by the protocol that its own driver speaks.

Two small clients of W3C WebDriver, so that no test needs a driver that Debian lacks:
Firefox answers it on a socket (Marionette), WebKitGTK by its `WebKitWebDriver`.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.processes import HOST, PATIENCE_S, wait_until

Answer = Any
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PREFERENCES = {
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.disabledForTesting": True,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "ui.prefersReducedMotion": 1,
}
FIELD = """
  const starts = [...document.querySelectorAll("label")].filter((label) =>
    label.textContent.trim().startsWith(arguments[0]) && label.control?.offsetParent);
  return starts[0]?.control ?? null;
"""
NAMED = """
  const words = (part) =>
    part.textContent.trim().replace(/\\s+/g, " ").replace("Belum dibaca: ", "");
  const named = [...document.querySelectorAll(arguments[1])].filter((part) =>
    words(part) === arguments[0] && part.offsetParent);
  return named[0] ?? null;
"""
INTO_VIEW = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'});"
SHOWN = "return document.body?.innerText.includes(arguments[0]) ?? false;"


class Refused(Exception):
    """The browser would not do it, for instance in mid-navigation."""


class Engine:
    """A browser of another make, as someone uses it who sees only the screen."""

    def ask(self, command: str, **parameters: Any) -> Answer:
        raise NotImplementedError

    def visit(self, url: str) -> "Engine":
        self.ask("Navigate", url=url)
        return self

    def run(self, script: str, *given: Any) -> Answer:
        return self.ask("ExecuteScript", script=script, args=list(given))

    def fill(self, label: str, text: str) -> None:
        self._do(
            FIELD,
            label,
            then=[("ElementClear", {}), ("ElementSendKeys", {"text": text})],
        )

    def press(self, name: str) -> None:
        self._click(name, "button")

    def tick(self, label: str) -> None:
        self._do(FIELD, label, then=[("ElementClick", {})])

    def send(self, then: str, closes: bool = False) -> None:
        """Send an answer, and say who acts next."""
        self.tick(then)
        if closes:
            self.tick("Tutup konsultasi bila selesai")
        self.press("Kirim")

    def follow(self, name: str) -> None:
        self._click(name, "a")

    def _click(self, name: str, kind: str) -> None:
        self._do(NAMED, name, kind, then=[("ElementClick", {})])

    def _do(
        self, script: str, *given: str, then: list[tuple[str, dict[str, str]]]
    ) -> None:
        """Find a part of the page and act on it, again if it was just renewed."""

        def done() -> bool:
            with contextlib.suppress(Refused):
                if found := self.run(script, *given):
                    self.run(INTO_VIEW, found)
                    for command, more in then:
                        self.ask(command, id=found[ELEMENT], **more)
                    return True
            return False

        wait_until(done, f"“{given[0]}” on {type(self).__name__}")

    def sees(self, text: str) -> None:
        try:
            wait_until(lambda: self._try(SHOWN, text), text)
        except AssertionError as late:
            late.add_note(
                f"{self._where}: {self._try('return document.body.innerText')}"
            )
            raise

    def runs_the_script(self) -> None:
        """Wait until what a page needs without its script has gone."""
        gone = "return !document.querySelector('.unscripted');"
        wait_until(lambda: self._try(gone), f"the script on {self._where}")

    @property
    def _where(self) -> str:
        return type(self).__name__

    def _try(self, script: str, *given: Any) -> Answer:
        with contextlib.suppress(Refused):
            return self.run(script, *given)
        return None


class Firefox(Engine):
    """Marionette: each message is its length, a colon, and JSON."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.stream = connection.makefile("rb")
        self.asked = 0
        self._read()
        self.ask("NewSession")

    def ask(self, command: str, **parameters: Any) -> Answer:
        self.asked += 1
        message = [0, self.asked, f"WebDriver:{command}", parameters]
        text = json.dumps(message).encode()
        self.connection.sendall(b"%d:%b" % (len(text), text))
        _, _, error, result = self._read()
        if error:
            raise Refused(error)
        return result.get("value")

    def _read(self) -> Answer:
        length = b""
        while (digit := self.stream.read(1)) != b":":
            if not digit:
                raise EOFError("Firefox has gone")
            length += digit
        return json.loads(self.stream.read(int(length)))


class WebKit(Engine):
    """WebDriver over HTTP."""

    PATHS = {
        "Navigate": "url",
        "ExecuteScript": "execute/sync",
        "ElementClear": "element/{id}/clear",
        "ElementClick": "element/{id}/click",
        "ElementSendKeys": "element/{id}/value",
    }

    def __init__(self, base: str, browser: str) -> None:
        options = {"binary": browser, "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self.session = f"{base}/session"
        made = self._post(self.session, {"capabilities": wanted})
        self.session += f"/{made['sessionId']}"

    def ask(self, command: str, **parameters: Any) -> Answer:
        path = self.PATHS[command].format(**parameters)
        return self._post(f"{self.session}/{path}", parameters)

    def _post(self, url: str, given: dict[str, Any]) -> Answer:
        kind = {"Content-Type": "application/json"}
        try:
            with urlopen(Request(url, json.dumps(given).encode(), kind)) as answer:
                return json.load(answer)["value"]
        except HTTPError as error:
            raise Refused(error.read().decode()) from error


def find_firefox() -> str | None:
    return shutil.which("firefox-esr")


def find_webkit() -> str | None:
    """Find the browser that WebKitWebDriver may drive, with a screen to show it on."""
    if not (shutil.which("WebKitWebDriver") and shutil.which("Xvfb")):
        return None
    found = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    return str(found[-1]) if found else None


@contextlib.contextmanager
def firefox(program: str, folder: Path, port: int) -> Iterator[Engine]:
    lines = {**PREFERENCES, "marionette.port": port}
    text = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in lines.items()]
    (folder / "user.js").write_text("\n".join(text))
    command = [program, "--headless", "--marionette", "--no-remote"]
    with running(*command, "--profile", str(folder)):
        yield Firefox(wait_until(lambda: connected(port), "Firefox"))


@contextlib.contextmanager
def webkit(program: str, folder: Path, port: int) -> Iterator[Engine]:
    read, write = os.pipe()
    screen = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24"]
    with running(*screen, pass_fds=(write,)):
        with os.fdopen(read) as told:
            display = f":{told.readline().strip()}"
        home = {"HOME": str(folder), "DISPLAY": display, "GDK_BACKEND": "x11"}
        driver = ["WebKitWebDriver", f"--host={HOST}", f"--port={port}"]
        with running(*driver, env={**os.environ, **home}):
            wait_until(lambda: connected(port), "WebKitWebDriver").close()
            yield WebKit(f"http://{HOST}:{port}", program)


@contextlib.contextmanager
def running(*command: str, **options: Any) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet, **options)
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def connected(port: int) -> socket.socket | None:
    with contextlib.suppress(OSError):
        return socket.create_connection((HOST, port))
    return None
