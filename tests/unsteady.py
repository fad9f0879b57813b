"""Which tests failed last, by pytest's own notes: `python -m tests.unsteady`.

Prints their names, and ends with a fault when they are too many to be chance.
"""

import json
import sys
from pathlib import Path

NOTES = Path(".pytest_cache/v/cache/lastfailed")
MOST = 4


def main() -> None:
    failed = json.loads(NOTES.read_text()) if NOTES.exists() else {}
    print("\n".join(sorted(failed)))
    sys.exit(not 0 < len(failed) <= MOST)


if __name__ == "__main__":
    main()
