"""Every command for the server: install, upgrade, uninstall, and those of `pst`.

Nothing here needs more than Debian's own Python.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from deploy.installer import office_name  # noqa: E402 (needs the path above)


def main(words: list[str]) -> int:
    """Choose the office, and only then read where its things lie."""
    try:
        office, words = office_name.take_from(words)
        office_name.checked(os.environ.get(office_name.VARIABLE) or office_name.FIRST)
    except office_name.BadName as error:
        print(f"pst: {error}", file=sys.stderr)
        return 1
    if office is not None:
        os.environ[office_name.VARIABLE] = office
    from deploy.installer import commands

    return commands.main(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
