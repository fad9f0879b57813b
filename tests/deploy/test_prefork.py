"""A further office: one parent, and web server, worker and scheduler forked from it."""

import multiprocessing
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rq import Queue
from rq.cron import CronScheduler
from rq.job import Job

from prefork import PATIENCE_S as SILENCE_S
from prefork import Child
from pst.background import QUEUE
from tests.conftest import copy
from tests.processes import Service, wait_until
from tests.systemd import PATIENCE_S, Systemd, status


class Office:
    """Redis, and the unit of systemd's that runs all the rest."""

    def __init__(self, service: Service, systemd: Systemd) -> None:
        self.service, self.systemd = service, systemd
        self.parent: subprocess.Popen | None = None

    def launch(self) -> subprocess.Popen:
        self.parent = self.systemd.start("prefork.py")
        self.service.running["web"] = self.parent
        return self.parent

    def start(self) -> subprocess.Popen:
        parent = self.launch()
        wait_until(lambda: "READY=1" in self.systemd.said, "ready", PATIENCE_S)
        return parent

    def do(self, dotted: str, *words: object) -> Job:
        return Queue(QUEUE, connection=self.service.redis()).enqueue(dotted, *words)

    @property
    def scheduler(self) -> CronScheduler | None:
        return next(iter(CronScheduler.all(self.service.redis())), None)


@pytest.fixture
def office(
    built: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("s")
    copy(built, tmp_path / "data")  # its worker writes
    service = Service(tmp_path / "data", folder)
    service.start("redis")
    systemd = Systemd({**service.env, "TMPDIR": str(folder)}, folder)
    made = Office(service, systemd)
    yield made
    if made.parent is not None:
        made.parent.kill()
        made.parent.wait()
    service.running.pop("web", None)
    service.stop()
    systemd.close()


def is_started(job: Job) -> bool:
    return job.get_status(refresh=True) == "started"


def is_finished(job: Job) -> bool:
    return job.get_status(refresh=True) == "finished"


def test_one_parent_serves_works_and_keeps_the_hours(office: Office):
    parent = office.start()
    children = office.service.children("web")

    job = office.do("pst.admin.health.alarms.watch_lamps")
    wait_until(lambda: is_finished(job), "a job", PATIENCE_S)
    scheduler = wait_until(lambda: office.scheduler, "the scheduler")

    assert status(office.systemd.path) == 200
    assert len(children) == 3
    assert scheduler.pid in children
    wait_until(lambda: "WATCHDOG=1" in office.systemd.said, "a sign of life")

    parent.terminate()

    assert parent.wait(PATIENCE_S) == 0
    assert "STOPPING=1" in office.systemd.said
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


def test_an_end_while_it_begins_leaves_no_one_behind(office: Office):
    parent = office.launch()
    folder = office.service.log.parent
    wait_until(lambda: [*folder.glob("pst-*/web")], "the first child", PATIENCE_S)

    parent.terminate()
    children = office.service.children("web")

    assert parent.wait(PATIENCE_S) == 0
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


def test_pages_come_while_a_job_is_finished(office: Office):
    parent = office.start()
    job = office.do("time.sleep", 6)
    wait_until(lambda: is_started(job), "the job", PATIENCE_S)
    worker = office.service.children("web")[1]

    parent.terminate()
    wait_until(lambda: "STOPPING=1" in office.systemd.said, "the end", PATIENCE_S)

    assert status(office.systemd.path) == 200
    assert Path(f"/proc/{worker}").exists(), "the job is over: nothing was tried"
    assert parent.wait(PATIENCE_S) == 0
    assert is_finished(job)


def test_when_one_falls_all_end_and_say_so(
    office: Office, capfd: pytest.CaptureFixture[str]
):
    parent = office.start()
    children = office.service.children("web")
    scheduler = wait_until(lambda: office.scheduler, "the scheduler")

    os.kill(scheduler.pid, signal.SIGKILL)

    assert parent.wait(PATIENCE_S) == 1
    assert "scheduler ended by itself (-9)" in capfd.readouterr().err
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


@pytest.mark.parametrize("name", SILENCE_S)
def test_who_is_silent_for_too_long_is_a_fault(name: str):
    now = time.monotonic()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        child = Child(name, multiprocessing.current_process(), ear)
        assert child.fault is None  # it has not begun yet
        child.is_ready, child.heard_at = True, now - SILENCE_S[name] + 30
        assert child.fault is None

        child.heard_at = now - SILENCE_S[name]

        assert child.fault and child.fault.startswith(f"{name} has been silent")
