"""Every command for the server: install, upgrade, uninstall, and those of `pst`.

Nothing here needs more than Debian's own Python.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from deploy.installer import commands  # noqa: E402 (needs the path above)

if __name__ == "__main__":
    sys.exit(commands.main(sys.argv[1:]))
