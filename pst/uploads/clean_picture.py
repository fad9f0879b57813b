"""Run as a program of its own, isolated: `python -I clean_picture.py png`.

Reads the picture from stdin; writes to stdout how long the cleaned one is (8 bytes),
the cleaned one, and the preview.
"""

import importlib
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    importlib.import_module("pictures.cleaning").main()
