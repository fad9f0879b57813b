"""One parent, and web server, worker and scheduler forked from it."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rq import Queue
from rq.cron import CronScheduler
from rq.job import Job

import prefork
from pst.background import QUEUE
from tests.conftest import copy
from tests.processes import ROOT, Service, wait_until
from tests.systemd import PATIENCE_S, Systemd, status


class Office:
    """Redis, and the unit of systemd's that runs all the rest."""

    def __init__(self, service: Service, systemd: Systemd) -> None:
        self.service, self.systemd = service, systemd

    def launch(self) -> subprocess.Popen:
        parent = self.systemd.start("prefork.py")
        self.service.running["web"] = parent
        return parent

    def start(self) -> subprocess.Popen:
        parent = self.launch()
        wait_until(lambda: "READY=1" in self.systemd.said, "ready", PATIENCE_S)
        return parent

    def do(self, dotted: str, *words: object) -> Job:
        return Queue(QUEUE, connection=self.service.redis()).enqueue(dotted, *words)

    def child(self, name: str) -> int | None:
        """Return which process has this name; None while there is none."""
        for pid in self.service.children("web"):
            if Path(f"/proc/{pid}/comm").read_text().strip() == f"pst-{name}":
                return pid
        return None

    @property
    def schedulers(self) -> set[int]:
        return {each.pid for each in CronScheduler.all(self.service.redis())}


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
    wait_until(lambda: office.schedulers & {*children}, "the scheduler")

    assert status(office.systemd.path) == 200
    assert len(children) == 3
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


@pytest.mark.parametrize("name", ["worker-1", "scheduler"])
def test_who_falls_is_replaced_alone_while_pages_come(
    office: Office, name: str, capfd: pytest.CaptureFixture[str]
):
    parent = office.start()
    before = office.service.children("web")
    fallen = office.child(name)
    assert fallen in before

    os.kill(fallen, signal.SIGKILL)

    assert status(office.systemd.path) == 200
    fresh = wait_until(
        lambda: set(office.service.children("web")) - set(before), name, PATIENCE_S
    )
    wait_until(lambda: office.child(name) in fresh, "its name")
    assert set(before) - set(office.service.children("web")) == {fallen}
    job = office.do("pst.admin.health.alarms.watch_lamps")
    wait_until(lambda: is_finished(job), "a job", PATIENCE_S)
    if name == "scheduler":
        wait_until(lambda: fresh & office.schedulers, "the new scheduler")
    assert parent.poll() is None
    said = capfd.readouterr().err
    assert f"{name} ended by itself (-9); it starts again" in said
    assert '"process": "worker-1"' in said  # of the lamps that are red


def test_when_the_web_server_falls_all_end_and_say_so(
    office: Office, capfd: pytest.CaptureFixture[str]
):
    parent = office.start()
    children = office.service.children("web")

    os.kill(office.child("web"), signal.SIGKILL)

    assert parent.wait(PATIENCE_S) == 1
    assert "prefork.py: web ended by itself (-9)" in capfd.readouterr().err
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


def test_a_job_ends_before_all_else_when_memory_is_short(office: Office):
    office.start()
    file = "oom_score_adj"

    job = office.do("subprocess.check_output", ["cat", f"/proc/self/{file}"])
    wait_until(lambda: is_finished(job), "the job", PATIENCE_S)

    assert job.return_value() == b"1000\n"
    usual = Path(f"/proc/self/{file}").read_text()
    for pid in office.service.children("web"):
        assert Path(f"/proc/{pid}/{file}").read_text() == usual


def test_a_job_does_not_outlive_its_worker(office: Office):
    office.start()
    job = office.do("time.sleep", 600)
    wait_until(lambda: is_started(job), "the job", PATIENCE_S)
    worker = office.child("worker-1")
    (horse,) = Path(f"/proc/{worker}/task/{worker}/children").read_text().split()

    os.kill(worker, signal.SIGKILL)

    wait_until(lambda: not Path(f"/proc/{horse}").exists(), "the end of the job")


STAND_INS = """
import time, prefork, sd_notify

def busy():
    sd_notify.ready()
    while True:
        sd_notify.alive()
        time.sleep(0.1)

def silent():
    sd_notify.ready()
    time.sleep(600)

prefork.runs = lambda: {"web": busy, "worker-1": silent}
prefork.PATIENCE_S |= {"worker": 0.5}
prefork.LOOK_S = prefork.PAUSE_S = 0.1
prefork.main()
"""


def test_all_end_when_one_falls_again_and_again():
    result = subprocess.run(
        [sys.executable, "-c", STAND_INS], cwd=ROOT, capture_output=True, text=True
    )

    assert result.returncode == 1
    assert result.stderr.count("it starts again") == prefork.MAX_FALLS - 1
    assert result.stderr.splitlines()[-1].startswith("prefork.py: worker-1 has been")


@pytest.mark.parametrize("name", ["web", "worker-2", "scheduler"])
def test_who_is_silent_for_too_long_is_a_fault(name: str, tmp_path: Path):
    now = time.monotonic()
    patience_s = prefork.PATIENCE_S[name.partition("-")[0]]
    child = prefork.Child(name, time.sleep, tmp_path)
    child.process, child.is_ready = multiprocessing.current_process(), False
    child.heard_at = now - patience_s
    assert child.fault is None  # it has not begun yet
    child.is_ready, child.heard_at = True, now - patience_s + 30
    assert child.fault is None

    child.heard_at = now - patience_s

    assert child.fault and child.fault.startswith(f"{name} has been silent")
    child.ear.close()


def test_who_falls_seldom_is_replaced_as_often_as_it_falls(tmp_path: Path):
    child = prefork.Child("scheduler", time.sleep, tmp_path)
    child.born_at = time.monotonic() - prefork.YOUNG_S

    assert all(child.may_start_again() for _ in range(2 * prefork.MAX_FALLS))

    child.ear.close()
