"""Sixteen people work while process after process is killed; then everything counts."""

import os
import random
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.faults.house import House
from tests.faults.people import Clicker, Crowd, Lost, new_key

Work = Callable[[threading.Event], None]
# Whom it hits how often. While the web server starts again no one is served at all.
VICTIMS = {"redis": 4, "worker": 4, "scheduler": 3, "web worker": 1, "web": 0.5}
PATIENCE_S = 120
OURS = ("pesan ", "jawaban ", "masukan ", "ringkasan ")
STORED = (
    "SELECT body FROM message WHERE kind = 'message'",
    "SELECT comment FROM rating",
    "SELECT json_extract(words, '$.summary') FROM report WHERE sent_at IS NOT NULL",
)


@dataclass
class Storm:
    """What was acknowledged, who was killed, and what became of it."""

    house: House
    seconds: float
    seed: int
    taken: dict[str, set[str]] = field(
        default_factory=lambda: {"messages": set(), "ratings": set(), "reports": set()}
    )
    kills: Counter[str] = field(default_factory=Counter)
    clickers: list[Clicker] = field(default_factory=list)

    def rage(self) -> None:
        """Let people work for so long, and kill processes."""
        crowd = Crowd()
        for work in self._seats():
            crowd.send(work)
        try:
            self._kill_at_random()
        finally:
            crowd.finish()

    # What came of it

    @property
    def acknowledged(self) -> int:
        return sum(len(texts) for texts in self.taken.values())

    @property
    def refused(self) -> int:
        return sum(clicker.refused for clicker in self.clickers)

    @property
    def cut_off(self) -> int:
        return sum(clicker.cut_off for clicker in self.clickers)

    @property
    def dishonest(self) -> list[str]:
        """Quote the pages that were no honest word about the trouble."""
        return [text for clicker in self.clickers for text in clicker.dishonest]

    def compare(self) -> tuple[int, int]:
        """Count what is missing, and what is there more than once."""
        stored = Counter[str]()
        for sql in STORED:
            stored.update(text for (text,) in self.house.query(sql))
        lost = sum(1 for texts in self.taken.values() for t in texts if not stored[t])
        doubled = sum(
            count - 1 for text, count in stored.items() if (text or "").startswith(OURS)
        )
        return lost, doubled

    def mails_again(self) -> int:
        """Count the mails that arrived a second time."""
        counted = Counter(self.house.sent_ids())
        return sum(count - 1 for count in counted.values())

    # Who works: ten users, two officers, three who rate, one who reports

    def _seats(self) -> list[Work]:
        house = self.house
        users = [self._seat(email) for email in house.emails]
        works = [
            self._write(user, house.page(at), "pesan") for at, user in enumerate(users)
        ]
        desk = [f"/petugas/konsultasi/{number}" for number in house.numbers]
        works += [self._write(self._seat("budi"), page, "jawaban") for page in desk[:2]]
        paths = [house.rating_paths.pop() for _ in range(24)]
        works += [self._rate(self._seat(), paths[at::3]) for at in range(3)]
        return [*works, self._report(self._seat("rina"))]

    def _seat(self, name: str | None = None) -> Clicker:
        clicker = Clicker(self.house.service)
        if name is None:
            clicker.get("/masuk")
        else:
            clicker.log_in(name)
        self.clickers.append(clicker)
        return clicker

    def _write(self, clicker: Clicker, page: str, kind: str) -> Work:
        def work(stop: threading.Event) -> None:
            while not stop.is_set():
                body = f"{kind} {new_key()}"
                form = {"body": body, "key": new_key()}
                if clicker.insist(f"{page}/pesan", form, stop):
                    self.taken["messages"].add(body)
                stop.wait(0.05)

        return work

    def _rate(self, rater: Clicker, paths: list[str]) -> Work:
        def work(stop: threading.Event) -> None:
            for path in paths:
                comment = f"masukan {new_key()}"
                if rater.insist(path, {"score": "1", "comment": comment}, stop):
                    self.taken["ratings"].add(comment)
                stop.wait(self.seconds / len(paths) / 2)

        return work

    def _report(self, officer: Clicker) -> Work:
        def work(stop: threading.Event) -> None:
            for month in range(1, 13):
                words = f"ringkasan {new_key()}"
                form = {"period": f"2025-{month:02d}"}
                made = officer.insist("/petugas/laporan", form, stop)
                analysis = {"summary": words, "conclusion": words}
                if made is None or not officer.insist(
                    f"{made.location}/isian", analysis, stop
                ):
                    return
                seen = self._preview(officer, f"{made.location}/pratinjau", stop)
                if officer.insist(f"{made.location}/pengiriman", seen, stop):
                    self.taken["reports"].add(words)

        return work

    @staticmethod
    def _preview(officer: Clicker, path: str, stop: threading.Event) -> dict[str, str]:
        """Look at the preview until it is there; return what its button sends along."""
        while not stop.is_set():
            try:
                answer = officer.get(path)
            except Lost:
                officer.cut_off += 1
            else:
                if match := re.search(r'name="seen" value="([^"]*)"', answer.text):
                    return {"seen": match[1]}
            stop.wait(0.2)
        return {}

    # Who kills

    def _kill_at_random(self) -> None:
        """Kill each kind once, then any, and start it again, until the time is up."""
        chance = random.Random(self.seed)
        first = ["web worker", "redis", "worker", "scheduler", "web"]
        until = time.monotonic() + self.seconds
        while first or time.monotonic() < until or not all(self.taken.values()):
            assert time.monotonic() < until + PATIENCE_S, "nothing is acknowledged"
            name = first[0] if first else self._choose(chance)
            if not self._may_be_hit(name):
                continue
            self._hit(name, chance)
            self.kills[name] += 1
            first = [each for each in first if each != name]
            time.sleep(chance.uniform(0, 0.5))  # the next blow falls when it falls

    def _choose(self, chance: random.Random) -> str:
        return chance.choices(list(VICTIMS), list(VICTIMS.values()))[0]

    def _hit(self, name: str, chance: random.Random) -> None:
        service = self.house.service
        if name == "web worker":
            os.kill(chance.choice(service.children("web")), signal.SIGKILL)
        else:
            service.kill(name)
            service.launch(name)

    def _may_be_hit(self, name: str) -> bool:
        """Return whether it is up; the web server is, when it serves again."""
        service = self.house.service
        if service.running["web"].poll() is not None:  # it gave up, as it may
            service.kill("web")
            service.launch("web")
        if not name.startswith("web"):
            return True
        return bool(service.children("web")) and service.web_answers()
