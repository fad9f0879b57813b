"""What is loaded only by those who need it: each process holds all that it imports."""

import os
import subprocess
import sys
from pathlib import Path

from tests.processes import ROOT

# Read, written or asked now and then; together 15 MB of each process.
SELDOM = {"openpyxl", "xlsxwriter", "holidays", "typst", "authlib", "http_ece", "dns"}


def test_a_process_begins_without_what_it_seldom_needs(tmp_path: Path):
    look = "import sys, wsgi, pst.timetable; print(*sys.modules, sep='\\n')"
    env = {**os.environ, "PST_DATA_DIR": str(tmp_path)}

    output = subprocess.check_output(
        [sys.executable, "-c", look], cwd=ROOT, env=env, text=True
    )

    assert not SELDOM & set(output.split())
