"""Measure the figures of a period with many consultations; print JSON.

bin/bench report [--consultations 40000] [--keep FOLDER]

With --keep the database stays in FOLDER, to look at its reports.
"""

import argparse
import json
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_migrate import upgrade

from bench.common import report
from bench.seeding import Seeder
from pst import config, create_app
from pst.database import db, transaction
from pst.office import days_off, settings
from pst.reports.figures.period_figures import Figures
from pst.reports.periods import Period

OFFICE = Path(__file__).parent.parent / "pst" / "data" / "office_banjarnegara.json"


def build(folder: Path, period: Period, count: int) -> Any:
    """Make an application whose database holds `count` consultations."""
    env = {"PST_DATA_DIR": str(folder), "PST_TESTING": "1"}
    app = create_app(config.load(env))
    with app.app_context():
        upgrade()
        with transaction():
            settings.change(json.loads(OFFICE.read_text()))
            for year in range(period.before.first.year, period.last.year + 2):
                days_off.seed(year)
        with transaction():
            Seeder(period, count).write()
        db.session.execute(sa.text("ANALYZE"))
        db.session.commit()
    return app


def measure(app: Any, period: Period, runs: int) -> dict[str, Any]:
    """Time the whole set of figures, each in a fresh context as a request has it."""
    times, cpu = [], []
    figures: dict[str, Any] = {}
    for _ in range(runs):
        with app.app_context():
            begin, cpu_before = time.perf_counter(), time.process_time()
            figures = Figures(period).frozen()
            times.append(time.perf_counter() - begin)
            cpu.append(time.process_time() - cpu_before)
    return {
        "consultations": figures["volume"]["total"],
        "before": figures["before"]["volume"]["total"],
        "ratings": figures["ratings"]["count"],
        "median_s": round(statistics.median(times), 3),
        "median_cpu_s": round(statistics.median(cpu), 3),
        "best_s": round(min(times), 3),
        "worst_s": round(max(times), 3),
        "bytes_frozen": len(json.dumps(figures)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--consultations", type=int, default=40_000)
    parser.add_argument("--period", default=f"{datetime.now(UTC).year - 1}")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    period = Period.parse(options.period)
    # A tenth of what is seeded lies in the period before.
    count = -(-options.consultations * 10 // 9)
    with tempfile.TemporaryDirectory() as temporary:
        app = build(options.keep or Path(temporary), period, count)
        report(figures_of_a_period=measure(app, period, options.runs))


if __name__ == "__main__":
    main()
