"""The storm of the fault tests, for longer: what was acknowledged, lost and doubled.

`bin/bench faults --minutes 10 --seed 7` prints a table; it ends with a fault when
anything was lost or doubled.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.faults import house as houses
from tests.faults.disk import Disk
from tests.faults.storm import Storm
from tests.post_office import PostOffice
from tests.processes import Service


def main() -> None:
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="faults-") as name, PostOffice() as office:
        for part in ("disk", "s"):
            (Path(name) / part).mkdir()
        disk = Disk(Path(name) / "disk")
        folder = disk.folder / "data"
        folder.mkdir()
        service = Service(folder, folder)
        service.at(houses.MORNING)
        service.flask("prepare")
        house = houses.build(folder, Path(name) / "s", office, disk)
        try:
            storm = Storm(house, options.minutes * 60, options.seed)
            storm.rage()
            house.settle()
            house.assert_sound()
            sys.exit(print_table(storm))
        finally:
            house.service.stop()
            disk.unmount()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench faults")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=20260302)
    return parser.parse_args()


def print_table(storm: Storm) -> int:
    """Print the figures; return 1 when anything is not as it must be."""
    losses, doubled = storm.compare()
    missing = len(storm.house.message_ids() - set(storm.house.sent_ids()))
    rows = [(f"killed: {name}", count) for name, count in storm.kills.most_common()]
    rows += [
        (f"acknowledged: {kind}", len(texts)) for kind, texts in storm.taken.items()
    ]
    rows += [
        ("no answer, sent again", storm.cut_off),
        ("refused with a clear page, sent again", storm.refused),
        ("pages that said nothing true", len(storm.dishonest)),
        ("LOST", losses),
        ("DOUBLED", doubled),
        ("mails owed and never sent", missing),
        ("mails sent twice (same Message-ID)", storm.mails_again()),
    ]
    for name, count in rows:
        print(f"{name:<38}{count:>8}")
    return int(bool(losses or doubled or missing or storm.dishonest))


if __name__ == "__main__":
    main()
