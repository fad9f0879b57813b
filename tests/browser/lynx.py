"""Lynx, at a terminal of its own: pages of text, one key after another.

A page's fields and links are numbered by lynx itself; keys from a file move among them.
Lynx takes the next key when it has shown the page, so nothing waits for seconds.
"""

import fcntl
import os
import pty
import re
import shutil
import struct
import subprocess
import termios
from pathlib import Path
from urllib.parse import urldefrag, urljoin
from urllib.request import Request, urlopen

LYNX = shutil.which("lynx")
ROWS, COLUMNS = 400, 120
SETTINGS = "PERSISTENT_COOKIES:TRUE\nACCEPT_ALL_COOKIES:TRUE\n"
GOT = re.compile(r"Getting (http[!-~]+)")
# A number, whether a line of an area follows it, or a button without a number.
STOPS = re.compile(r"\[(\d+)\](.{49,}_$)?|\((BUTTON)\)", re.M)
ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[=>78])|[\x00-\x08]")
WHERE = {"TERM": "vt100", "LC_ALL": "C.UTF-8"}
TAB, ENTER = "key ^I", "key ^J"


class Lynx:
    """A person with lynx: looks at a page, fills in fields, presses one thing."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url, self.here = folder, url, url
        self.cookies = folder / "cookies"
        self.cookies.touch()
        (folder / "lynx.cfg").write_text(SETTINGS)
        self.filled: list[tuple[int, list[str]]] = []

    def visit(self, path: str) -> "Lynx":
        # With a fragment lynx would begin there, and keys are counted from the top.
        self.here, self.filled = urldefrag(urljoin(self.url, path)).url, []
        return self

    @property
    def page(self) -> str:
        """The page as lynx shows it, its links and fields numbered."""
        pairs = [line.split("\t") for line in self.cookies.read_text().splitlines()]
        cookies = "; ".join(f"{pair[5]}={pair[6]}" for pair in pairs if len(pair) == 7)
        with urlopen(Request(self.here, headers={"Cookie": cookies})) as answer:
            html = answer.read()
        command = [str(LYNX), "-dump", "-stdin", "-number_fields", "-nolist"]
        options = [f"-width={COLUMNS}", "-assume_charset=utf-8"]
        result = subprocess.run(
            [*command, *options, "-display_charset=utf-8"],
            input=html,
            capture_output=True,
        )
        return result.stdout.decode()

    def sees(self, text: str) -> bool:
        plain = re.sub(r"\[\d+\]", "", self.page)
        return text in " ".join(plain.split())

    def fill(self, label: str, text: str) -> None:
        self.filled.append((self._field(label), list(map(_key, text))))

    def choose(self, label: str) -> None:
        """Choose the round button before `label`."""
        self.filled.append((self._number(r"\[(\d+)\]\([ *]\) ?", label), [ENTER]))

    def send(self, then: str, closes: bool = False) -> None:
        """Send an answer, and say who acts next."""
        self.choose(then)
        if closes:
            self.filled.append(
                (self._number(r"\[(\d+)\]\[[ X]\] ?", "Tutup konsultasi"), [ENTER])
            )
        self.press("Kirim")

    def press(self, name: str) -> None:
        """Press the button called `name`, and not `name dan …`: the last of several."""
        number = self._number(r"\(\[(\d+)\][^)]*\) ?", name, "(?! dan )")
        self._walk([*self.filled, (number, [ENTER])])

    def follow(self, name: str) -> None:
        self._walk([(self._number(r"\[(\d+)\](?:[\w ]+: )?", name), [ENTER])])

    def _field(self, label: str) -> int:
        match = re.search(rf"^ *{re.escape(label)}\b[^_]*?\[(\d+)\]_", self.page, re.M)
        assert match, f"no field {label} in {self.page}"
        return int(match[1])

    def _number(self, before: str, words: str, after: str = "") -> int:
        matches = re.findall(
            before + re.escape(words) + after, " ".join(self.page.split())
        )
        assert matches, f"no {words} in {self.page}"
        return int(matches[-1])

    def _walk(self, steps: list[tuple[int, list[str]]]) -> None:
        at, keys = 1, []
        for number, pressed in sorted(steps, key=lambda step: step[0]):
            keys += [TAB] * self._stops(at, number) + pressed
            at = number
        script = self.folder / "keys"
        script.write_text("\n".join([*keys, "key Q", ""]))
        shown = self._run(script)
        self.visit(GOT.findall(shown)[-1])

    def _stops(self, start: int, end: int) -> int:
        """Count the tabs from one number to another.

        An area has a number for each of its lines and is one stop; a button that only
        scripts use has no number and is one too.
        """
        matches = STOPS.findall(self.page)
        stops = [
            number
            for place, (number, area, _) in enumerate(matches)
            if not (area and place and matches[place - 1][1])
        ]
        return stops.index(str(end)) - stops.index(str(start))

    def _run(self, script: Path) -> str:
        command = [str(LYNX), f"-cfg={self.folder / 'lynx.cfg'}", "-nopause"]
        command += [f"-cookie_file={self.cookies}", f"-cookie_save_file={self.cookies}"]
        master, terminal = pty.openpty()
        size = struct.pack("HHHH", ROWS, COLUMNS, 0, 0)
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, size)
        lynx = subprocess.Popen(
            [*command, f"-cmd_script={script}", self.here],
            **dict.fromkeys(("stdin", "stdout", "stderr"), terminal),
            # Lynx believes these two before the terminal.
            env={**os.environ, **WHERE, "LINES": str(ROWS), "COLUMNS": str(COLUMNS)},
            start_new_session=True,
        )
        os.close(terminal)
        shown = b""
        while chunk := _read(master):
            shown += chunk
        os.close(master)
        lynx.wait()
        return ESCAPES.sub("", shown.decode(errors="replace"))


def _key(character: str) -> str:
    return f"key {'<space>' if character == ' ' else character}"


def _read(master: int) -> bytes:
    try:
        return os.read(master, 65_536)
    except OSError:  # the other end is closed: lynx has gone
        return b""
