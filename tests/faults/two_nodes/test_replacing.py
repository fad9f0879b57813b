"""One of two web servers is replaced, or migrates, while the other serves."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sized
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.faults.newer import newer
from tests.faults.nodes import NGINX, Node, Nodes, asked, in_front
from tests.faults.people import Clicker, Crowd, new_key
from tests.faults.two_nodes.steps import SHARED, SQLITE, on_each, stop
from tests.processes import wait_until

LEFT_OUT_S = 6  # nodes.conf says 5
IN_THE_WAY = sa.text(
    "SELECT count(*) FROM pg_locks WHERE relation = 'message'::regclass AND NOT granted"
)


@on_each
@pytest.mark.skipif(not NGINX, reason="no nginx")
def test_one_after_the_other_is_replaced_and_nothing_is_lost(
    nodes: Nodes,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    tell: Callable[[str], None],
):
    with in_front(nodes, tmp_path_factory.mktemp("nginx")) as site:
        siti = Clicker(site).log_in("siti")
        page = asked(siti)
        siti.get(page)
        crowd, sent = Crowd(), []
        statuses: list[int] = []
        for n in range(2):
            crowd.send(
                writing(Clicker(site, dict(siti.cookies), siti.token), page, sent, n)
            )
            crowd.send(reading(Clicker(site, dict(siti.cookies)), page, statuses))
        sender = Clicker(site, dict(siti.cookies), siti.token)
        files: list[str] = []
        crowd.send(sending_files(sender, page, files))
        for node in nodes:
            enough = len(sent) + 3, len(statuses) + 3, len(files) + 1
            stop(node)
            wait_until(
                lambda least=enough: goes_on(crowd, (sent, statuses, files), least),
                "work that goes on at the other",
                60,
            )
            start_again(node)
        crowd.finish()

    bodies = stored(nodes, "SELECT body FROM message WHERE body LIKE 'kirim %'")
    tell(
        f"{request.node.callspec.id} · both web servers replaced: {len(sent)} sent,"
        f" {len(files)} files, {len(statuses)} read, 0 lost"
    )
    assert sorted(bodies) == sorted(sent)
    assert set(statuses) == {200}


@on_each
@pytest.mark.skipif(not NGINX, reason="no nginx")
def test_the_older_version_serves_while_the_newer_one_migrates(
    nodes: Nodes,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    tell: Callable[[str], None],
):
    """Two machines migrate at once, and someone reads what one of them must lock."""
    tree, over = newer(tmp_path / "newer"), request.node.callspec.id
    with in_front(nodes, tmp_path) as site:
        siti = Clicker(site).log_in("siti")
        page = asked(siti)
        siti.get(page)
        crowd, sent, statuses = Crowd(), [], []
        for n in (2, 3):
            person = Clicker(site, dict(siti.cookies), siti.token)
            crowd.send(writing(person, page, sent, n))
            crowd.send(reading(Clicker(site, dict(siti.cookies)), page, statuses))

        def more() -> None:
            enough = len(sent) + 4, len(statuses) + 8
            wait_until(lambda: goes_on(crowd, (sent, statuses), enough), "work", 60)

        with ThreadPoolExecutor() as machines:
            with reads_long(nodes) if over == SHARED else nothing() as in_the_way:
                for node in nodes:
                    node.code = tree
                ends = [machines.submit(node.flask, "prepare") for node in nodes]
                wait_until(in_the_way, "a migration that waits for who reads", 60)
                more()  # all go by
                assert over == SQLITE or not any(end.done() for end in ends)
            for end in ends:
                end.result(120)
        more()  # of the older version alone
        stop(nodes.first)
        more()
        start_again(nodes.first)
        more()  # of the older one and the newer one
        crowd.finish()

    rows = stored(nodes, "SELECT body || '|' || tone FROM message WHERE body LIKE 'k%'")
    tones = dict(row.rsplit("|", 1) for row in rows)
    assert Counter(row.rsplit("|", 1)[0] for row in rows if row[6] in "23") == Counter(
        sent
    )
    assert {tones[body] for body in sent} == {"older", "newer"}
    assert set(statuses) == {200}
    tell(
        f"{over} · migrated by both at once, one replaced: {len(sent)} sent,"
        f" {len(statuses)} read, 0 refused, 0 lost, 0 doubled"
    )


@contextmanager
def reads_long(nodes: Nodes) -> Iterator[Callable[[], bool]]:
    """Read for long, as a copy does; return what says whether someone waits for it."""
    engine = sa.create_engine(nodes.first.env["PST_DATABASE_URL"])
    with engine.connect() as long, engine.connect() as other:
        long.exec_driver_sql("SELECT id FROM message LIMIT 1")
        yield lambda: bool(other.scalar(IN_THE_WAY))
    engine.dispose()


@contextmanager
def nothing() -> Iterator[Callable[[], bool]]:
    """Put no one in the way: on SQLite no writer waits for a reader."""
    yield lambda: True


def start_again(node: Node) -> None:
    """Start the web server, and wait until nginx asks it again.

    For so long nginx leaves out a server that did not answer; were the other one
    stopped before, there would be none (deploy/cluster.md, step 3).
    """
    node.start("web")
    back_at = time.monotonic()
    wait_until(lambda: time.monotonic() > back_at + LEFT_OUT_S, "nginx to ask it again")


def stored(nodes: Nodes, query: str) -> list[str]:
    """Read what is in the database, past the service."""
    engine = sa.create_engine(nodes.first.env["PST_DATABASE_URL"])
    with engine.connect() as rows:
        answer = list(rows.scalars(sa.text(query)))
    engine.dispose()
    return answer


def goes_on(crowd: Crowd, done: tuple[Sized, ...], least: tuple[int, ...]) -> bool:
    assert not crowd.failures, crowd.failures
    return all(len(each) >= n for each, n in zip(done, least, strict=True))


def writing(
    person: Clicker, page: str, sent: list[str], number: int
) -> Callable[[threading.Event], None]:
    """Send one message after the other; any answer but *stored* fails."""

    def work(stop: threading.Event) -> None:
        n = 0
        while not stop.is_set():
            body = f"kirim {number} {n}"
            answer = person.post(f"{page}/pesan", {"body": body, "key": new_key()})
            assert answer.status == 303, f"{answer.status} {answer.text[:500]}"
            sent.append(body)
            n += 1
            stop.wait(4)  # no one may send more than forty a minute

    return work


def sending_files(
    person: Clicker, page: str, files: list[str]
) -> Callable[[threading.Event], None]:
    """Send one file after the other, and read each back."""

    def work(stop: threading.Event) -> None:
        while not stop.is_set():
            content = f"tahun;jumlah\n2025;{len(files)}\n"
            sent = person.upload(f"{page}/lampiran", "data.csv", content.encode())
            assert sent.status == 201, f"{sent.status} {sent.text[:500]}"
            got = person.get(f"{page}/lampiran/{json.loads(sent.text)['id']}")
            assert (got.status, got.text) == (200, content)
            files.append(content)
            stop.wait(4)

    return work


def reading(
    person: Clicker, page: str, statuses: list[int]
) -> Callable[[threading.Event], None]:
    def work(stop: threading.Event) -> None:
        while not stop.wait(0.1):
            statuses.append(person.get(page).status)

    return work
