"""Redis is a doorbell: without it mails wait and everything else goes on."""

import os
import signal
import time

from rq import Queue

from pst.background import bell
from tests.faults.house import DELIVER, House
from tests.faults.people import new_key
from tests.processes import wait_until


def test_without_redis_people_are_served_and_afterwards_nothing_is_missing(
    house: House,
):
    user = house.user()
    house.service.kill("redis")

    rated = house.rate()
    answer = user.post(f"{house.page()}/pesan", {"body": "Halo", "key": new_key()})
    found = user.get("/cari?q=penduduk")

    assert (rated, answer.status, found.status) == (303, 303, 200)
    assert "Halo" in user.get(house.page()).text
    assert house.mails_owed() > 0

    for file in house.service.folder.glob("appendonly*"):  # it lost all it knew, too
        file.rename(file.with_name(f"lost-{time.monotonic_ns()}-{file.name}"))
    house.service.start("redis")
    # No one rings: the timetable alone finds what is owed, at once when it starts.
    house.service.kill("scheduler")
    house.service.start("scheduler")
    wait_until(lambda: house.mails_owed() == 0, "the mails", 90)

    ids = house.sent_ids()
    assert len(ids) == len(set(ids))


def test_a_worker_outlives_a_redis_that_goes_in_the_middle_of_a_job(house: House):
    worker = house.service.running["worker"]
    job = Queue("pst", connection=house.service.redis()).enqueue("time.sleep", 3600)
    wait_until(lambda: job.get_status() == "started", "the job", 60)

    house.service.kill("redis")
    for process in house.service.children("worker"):
        os.kill(process, signal.SIGKILL)  # so that the worker looks how it went
    house.service.start("redis")

    assert house.rate() == 303
    house.service.run_job(DELIVER)
    assert worker.poll() is None, "the worker gave up"


def test_two_workers_and_two_schedulers_do_no_harm(house: House):
    service = house.service
    firsts = {name: service.running.pop(name) for name in ("worker", "scheduler")}
    service.start("worker", "scheduler")
    seconds = {name: service.running.pop(name) for name in firsts}
    service.running |= firsts
    service.running |= {f"second {name}": process for name, process in seconds.items()}
    try:
        for _ in range(6):
            assert house.rate() == 303
        house.move(hours=1)
        for _ in range(3):
            service.run_job(DELIVER)
            service.run_job("pst.consultations.jobs.warn_of_deadlines")
        house.settle()
    finally:
        for name in seconds:
            service.kill(f"second {name}")

    ids = house.sent_ids()
    assert len(ids) == len(set(ids)) >= 6


def test_a_mail_goes_before_what_the_timetable_asks_for(house: House):
    service, queue = house.service, Queue("pst", connection=house.service.redis())
    service.kill("scheduler")
    wait_until(queue.is_empty, "the last jobs", 60)
    service.kill("worker")
    try:
        queue.enqueue("time.sleep", 3600)
        queue.enqueue("pst.admin.backups.duties.back_up")
        assert house.rate() == 303

        assert [job.func_name for job in queue.jobs] == [
            DELIVER,
            "time.sleep",
            "pst.admin.backups.duties.back_up",
        ]
    finally:
        queue.empty()
        service.redis().delete(bell(DELIVER))
        service.start("worker", "scheduler")
    wait_until(lambda: house.mails_owed() == 0, "the mails", 60)


def test_a_job_that_kills_its_process_is_shown_and_stops_no_other(house: House):
    Queue("pst", connection=house.service.redis()).enqueue("os.abort")

    noted = "SELECT error FROM job_run WHERE name = 'abort'"
    wait_until(lambda: house.query(noted), "the note of it", 60)
    assert house.rate() == 303
    wait_until(lambda: house.mails_owed() == 0, "the mails", 60)

    assert "killed" in house.query(noted)[0][0]
    assert "abort" in house.seat("andi").get("/admin/sistem").text
