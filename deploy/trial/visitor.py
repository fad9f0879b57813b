"""People who go on writing while the service is replaced, and count the answers."""

import re
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlencode

HOST = "127.0.0.1"
# Between two requests of one person; more often is answered with a wait.
READ_S, WRITE_S = 0.05, 1.6


class Visitor:
    """A person with a browser: a connection for each request, cookies, forms."""

    def __init__(self, domain: str, port: int) -> None:
        self.name, self.port = f"{domain}:{port}", port
        self.context = ssl._create_unverified_context()
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, form: dict[str, str] | None = None, **more: str) -> "Seen":
        """Ask for a page, or send a form; raises what the connection raises."""
        connection = HTTPSConnection(HOST, self.port, timeout=90, context=self.context)
        headers = {
            "Host": self.name,
            **{k.replace("_", "-"): v for k, v in more.items()},
        }
        headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request("POST" if body else "GET", path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        finally:
            connection.close()
        self._keep(answer)
        return Seen(answer.status, answer.getheader("Location") or "", text)

    def _keep(self, answer: HTTPResponse) -> None:
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value

    def token(self) -> str:
        match = re.search(r'csrf_token" value="([^"]+)', self.ask("/lupa-sandi").text)
        assert match
        return match[1]

    def log_in(self, email: str, password: str) -> None:
        form = {"email": email, "password": password, "csrf_token": self.token()}
        answer = self.ask("/masuk", form)
        assert answer.status == 303, (answer.status, answer.text[:500])

    def consult(self) -> str:
        """Begin a consultation; give back its address."""
        form = {"subject": "Jumlah penduduk", "description": "Menurut umur."}
        form |= {"area": "Wanadadi", "years": "2025", "csrf_token": self.token()}
        form["press"] = "ajukan"
        answer = self.ask("/konsultasi/baru?jenis=data", form)
        assert answer.status == 303, (answer.status, answer.text[:500])
        return answer.location


@dataclass
class Seen:
    """What came back."""

    status: int
    location: str
    text: str


@dataclass
class Crowd:
    """Some who read and many who write, all the time until they are stopped."""

    writers: list[tuple[Visitor, str]]  # each with the address of a consultation
    key: str  # what its messages begin with
    answered: int = 0
    sent: int = 0
    lost: list[str] = field(default_factory=list)
    longest_s: float = 0
    is_over: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> "Crowd":
        reader, address = self.writers[0]
        works: list[tuple[Callable[[int], int], float]] = [
            (lambda n: reader.ask("/").status, READ_S),
            (lambda n: reader.ask(address).status, READ_S),
            *((self._writing(place), WRITE_S) for place in range(len(self.writers))),
        ]
        self.threads = [threading.Thread(target=self._go_on, args=w) for w in works]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over = True
        for thread in self.threads:
            thread.join()

    def _writing(self, place: int) -> Callable[[int], int]:
        visitor, address = self.writers[place]
        token = visitor.token()

        def say(n: int) -> int:
            key = f"{self.key}-{place}-{n}"
            form = {"csrf_token": token, "key": key, "body": f"{key} halo"}
            status = visitor.ask(f"{address}/pesan", form, HX_Request="true").status
            with self.lock:
                self.sent += status == 204
            return status

        return say

    def _go_on(self, work: Callable[[int], int], pause_s: float) -> None:
        n = 0
        while not self.is_over:
            n += 1
            began = time.monotonic()
            try:
                status = work(n)
                if status >= 400:
                    self.lost.append(f"status {status}")
            except (OSError, HTTPException) as error:
                self.lost.append(repr(error))
            with self.lock:
                self.answered += 1
                self.longest_s = max(self.longest_s, time.monotonic() - began)
            time.sleep(pause_s)
