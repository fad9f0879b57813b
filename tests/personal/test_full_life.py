"""After a whole life with the office, a copy holds all that was hers; erasing leaves
none of it: not in any column of any table, in no file, and not in Redis.
"""

import json
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from redis import Redis

from pst import create_app
from pst.database import db
from pst.personal_data.jobs import forget_words
from tests import stored
from tests.conftest import MORNING, settings_for
from tests.journeys.conftest import Browser
from tests.personal import life
from tests.personal.life import EMAIL, NAME, PHONE, WORD
from tests.processes import find_redis, wait_until

# What tells who she is, in any spelling an index or an address may give it.
HERS = ("siti", "rahayu", EMAIL, "siti%40", re.sub(r"\D", "", PHONE), PHONE)
# All that may be left, and why.
ALLOWED: dict[Any, tuple[str, ...]] = {
    # The one mail that tells her of the erasure; retention removes it in 7 days.
    ("outbox_mail", "erased"): (*HERS, WORD),
    # A draft of the knowledge base, from which who asked was taken out: what it says
    # is the office's.
    ("revision", ""): (WORD,),
    # The index of a web server next to PostgreSQL has a column called position.
    "search.sqlite3-wal": ("siti",),
}


@dataclass
class Traces:
    """What the office had of her before, the copy she took, and what is left."""

    before: str
    copy: dict[str, Any]
    page: str
    files: list[str]
    left: list[tuple[str, str]]
    in_files: list[tuple[str, str]]
    in_redis: list[tuple[str, str]]
    links: list[tuple[str, dict[str, str]]]
    app: Flask


@contextmanager
def running_redis() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="life-"))
    words = ["--port", "0", "--unixsocket", str(folder / "r"), "--save", ""]
    process = subprocess.Popen(
        [find_redis(), *words, "--dir", str(folder), "--loglevel", "warning"],
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until((folder / "r").exists, "Redis")
        yield f"unix://{folder / 'r'}"
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def traces(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traces]:
    folder = tmp_path_factory.mktemp("life")
    shutil.copytree(built, folder, dirs_exist_ok=True)
    with running_redis() as redis_url:
        # Not `testing`: guesses and mails are counted, in Redis.
        app = create_app(settings_for(folder, redis_url=redis_url, testing=False))
        with app.app_context():
            db.session.execute(
                db.text('UPDATE "user" SET phone = :p WHERE name = :n'),
                {"p": PHONE, "n": NAME},
            )
            db.session.commit()
        yield _lived(app, redis_url)
        with app.app_context():
            db.engine.dispose()


def _lived(app: Flask, redis_url: str) -> Traces:
    with time_machine.travel(MORNING):
        siti = Browser(app).log_in("siti")
        life.settle_in(siti)
        life.ask(siti)
    with time_machine.travel("2026-03-10 09:00+07:00"):
        budi, andi = Browser(app).log_in("budi"), Browser(app).log_in("andi")
        life.serve(budi)
        life.write_article(budi)
        life.receive(budi)
        links = [
            (life.rate(andi), {"score": "5", "comment": WORD}),
            (life.follow_up(budi, andi), {"body": WORD}),
        ]
        life.get_breached(andi)
    with time_machine.travel("2026-03-11 09:00+07:00"):
        life.report(Browser(app).log_in("budi"))
        siti = Browser(app).log_in("siti")
        assert siti.post(f"{life.MINE}/bacaan", {"upto": "3"}).status_code == 204
        archive = zipfile.ZipFile(BytesIO(siti.get("/akun/data/unduhan").data))
        before = "\n".join(text for _, text in cells(app))
        life.sent(siti, "/akun/data/penghapusan", {"word": "HAPUS"})
        with app.app_context():
            forget_words()
    return Traces(
        before,
        json.loads(archive.read("data.json")),
        archive.read("data.html").decode(),
        [name for name in archive.namelist() if "lampiran" in name],
        list(cells(app)),
        list(files(app)),
        list(kept_in(redis_url)),
        links,
        app,
    )


def cells(app: Flask) -> Iterator[tuple[tuple[str, str], str]]:
    """Read every column of every row of every table, those of indexes too."""
    for table, rows in stored.rows(app):
        for row in rows:
            kind = row["kind"] if table == "outbox_mail" else ""
            yield (table, kind), " ".join(map(readable, row.values()))


def readable(value: object) -> str:
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    return text.casefold()


def files(app: Flask) -> Iterator[tuple[str, str]]:
    """Read every file of the data folder, the database's log too, but the database."""
    folder = Path(app.config["PST"].data_dir)
    for path in folder.rglob("*"):
        is_known = path.suffix == ".sqlite3" or "static" in path.parts
        if path.is_file() and not is_known:
            yield path.name, readable(path.name.encode() + path.read_bytes())


def kept_in(url: str) -> Iterator[tuple[str, str]]:
    redis = Redis.from_url(url)
    assert redis.dbsize()
    for key in redis.scan_iter():
        yield key.decode(), readable(key + (redis.dump(key) or b""))


def found(texts: list[tuple[Any, str]]) -> list[tuple[Any, str]]:
    return [
        (place, needle)
        for place, text in texts
        for needle in (*HERS, WORD)
        if needle in text and needle not in ALLOWED.get(place, ())
    ]


def test_the_office_knew_much_of_her(traces: Traces):
    assert len(re.findall(WORD, traces.before)) > 30
    for needle in HERS[:3]:
        assert needle in traces.before


def test_nothing_of_her_is_left_in_any_table(traces: Traces):
    assert found(traces.left) == []


def test_nothing_of_her_is_left_in_any_file(traces: Traces):
    assert found(traces.in_files) == []


def test_redis_never_held_who_she_is(traces: Traces):
    assert found(traces.in_redis) == []


def test_the_copy_held_all_that_was_hers(traces: Traces):
    consultation, visited = traces.copy["konsultasi"]
    (visit,) = traces.copy["kunjungan"]
    said = [message["isi"] for message in consultation["pesan"]]

    assert traces.copy["akun"]["phone"] == PHONE
    assert visit["phone"] == PHONE
    assert WORD in visited["description"]
    assert WORD in traces.copy["akun"]["institution"]
    assert WORD in consultation["description"]
    assert f"Wilayah {WORD}" in str(consultation["details"])
    assert consultation["silastik_number"] == f"SLS-{WORD}"
    assert life.OF_HER in said
    assert f"Jawaban untuk {life.OF_HER}" in said
    assert WORD in consultation["penilaian"]["comment"]
    assert consultation["dibaca"]["message_id"] == 3
    assert traces.copy["survei"][0]["u1"] == 3
    (follow_up,) = traces.copy["tindak_lanjut"]
    letters = [letter["isi"] for letter in follow_up["surat"]]
    assert letters == [f"Mohon maaf, {life.OF_HER}", f"Tanggapan {life.OF_HER}"]
    assert any("Mohon maaf" in mail["isi"] for mail in traces.copy["email"])
    assert {each["purpose"] for each in traces.copy["persetujuan"]} >= {"survey"}
    assert traces.copy["perangkat"]
    assert traces.copy["jejak"]
    assert len(traces.files) == 2, "a file sent, and one not sent yet"


def test_the_page_of_the_copy_reads_the_same(traces: Traces):
    for text in (
        *("Wilayah", "Mohon maaf, ", "Tanggapan ", "Kecewa, "),
        *("<dt>Persyaratan</dt><dd>Sesuai</dd>", "Survei diisi (KS-"),
        *(f"{WORD}.pdf", f"belum-{WORD}.pdf", f"SLS-{WORD}", PHONE),
    ):
        assert text in traces.page


def test_the_copy_leaves_out_what_is_the_offices_own(traces: Traces):
    whole = json.dumps(traces.copy) + traces.page

    for text in ("Catatan: ", "Draf untuk", "Balasan ", "Terlambat karena", "argon2"):
        assert text not in whole
    assert not re.search(r"/(nilai|tindak-lanjut|sandi-baru)/[\w.-]{20}", whole)


def test_the_page_of_the_copy_has_no_codes_of_ours(traces: Traces):
    assert "Akun dibuat" in traces.page
    for code in ("user:", "consultation:", "U1", "u1 ="):
        assert code not in traces.page


def test_links_mailed_before_take_no_words_any_more(traces: Traces):
    assert traces.links
    for path, fields in traces.links:
        stranger = Browser(traces.app)
        assert stranger.get(path).status_code == 410, path
        assert stranger.post(path, fields).status_code == 410, path
