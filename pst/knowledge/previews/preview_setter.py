"""Set one link preview with typst; run as a program of its own.

Reads the texts as JSON from stdin, writes a PNG of 1200 by 630 pixels to stdout.
Imports nothing of ours, so that it starts at once.
"""

import sys
from pathlib import Path

import typst


def main() -> None:
    png = typst.compile(
        Path(sys.argv[1]).read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={"text": sys.stdin.read()},
        format="png",
        ppi=72.0,
    )
    sys.stdout.buffer.write(png[0] if isinstance(png, list) else png)


if __name__ == "__main__":
    main()
