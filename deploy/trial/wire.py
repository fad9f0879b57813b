"""How many bytes an idle poll is on the wire: HTTP/2, TLS and all."""

import re
import socket
import subprocess
import threading
from contextlib import closing

from deploy.trial.visitor import HOST, Visitor

POLLS = 100


class Relay:
    """Passes one connection on, and counts what goes each way."""

    def __init__(self, port: int) -> None:
        self.up = self.down = 0
        self.to = port
        self.door = socket.create_server((HOST, 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        here, _ = self.door.accept()
        there = socket.create_connection((HOST, self.to))
        back = threading.Thread(
            target=self._pass, args=(there, here, False), daemon=True
        )
        back.start()
        self._pass(here, there, True)

    def _pass(self, source: socket.socket, target: socket.socket, is_up: bool) -> None:
        while chunk := source.recv(65536):
            if is_up:
                self.up += len(chunk)
            else:
                self.down += len(chunk)
            target.sendall(chunk)
        with closing(target):
            target.shutdown(socket.SHUT_WR)


def idle_poll(person: Visitor, address: str) -> list[str]:
    """Ask many times for what is not there; tell the bytes of one time."""
    match = re.search(r'hx-ptag="([\d.]+)"', person.ask(address).text)
    assert match
    few, many = (_polls(person, address, match[1], count) for count in (1, POLLS + 1))
    up, down = ((m - f) / POLLS for f, m in zip(few, many, strict=True))
    return [f"# {POLLS} polls: {up:.0f} bytes up, {down:.0f} bytes down each"]


def _polls(person: Visitor, address: str, ptag: str, count: int) -> tuple[int, int]:
    relay = Relay(person.port)
    domain = person.name.split(":")[0]
    cookie = "; ".join(f"{k}={v}" for k, v in person.cookies.items() if "pst_l" in k)
    url = f"https://{domain}:{relay.port}{address}/pesan?n=[1-{count}]"
    output = subprocess.run(
        ["curl", "-sk", "--http2", "--resolve", f"{domain}:{relay.port}:{HOST}"]
        + ["-H", f"Host: {person.name}", "-H", "HX-Request: true"]
        + ["-H", f"HX-PTag: {ptag}", "-H", f"Cookie: {cookie}", "-H", "Accept: */*"]
        + ["-A", "Mozilla/5.0", "-w", "%{http_code} %{http_version}\n", url],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert set(output.split("\n")) <= {"304 2", ""}, output[:200]
    return relay.up, relay.down
