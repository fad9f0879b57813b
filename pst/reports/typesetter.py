"""Set one report with typst; run as a program of its own by `pdf.py`.

Reads what is told as JSON from stdin, writes the PDF to stdout. Imports nothing of
ours, so that it starts at once.
"""

import json
import sys
from pathlib import Path

import typst


def main() -> None:
    told = json.load(sys.stdin)
    made = typst.compile(
        Path(sys.argv[1]).read_bytes(),
        # Only the fonts that come with typst: the same letter on every server.
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={"report": json.dumps(told, ensure_ascii=False)},
        timestamp=told["at"],
        format="pdf",
        pdf_standards=["a-2a"],
    )
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
