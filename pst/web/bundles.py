"""Put the sources of scripts and styles together, small: one file of each kind.

The scripts are modules, for readers and for the linter. Browsers get them joined in one
scope, each after what it imports: a request less, and older browsers need no modules.
"""

import re
from pathlib import Path

import rcssmin
import rjsmin

SOURCE = Path(__file__).parent.parent / "static"
IMPORT = re.compile(r"^import (?:[^;\"]*from )?\"(\.[^\"]+)\";\n", re.MULTILINE)
EXPORT = re.compile(r"^export ", re.MULTILINE)


def modules(entry: str) -> list[str]:
    """Return a script and all that it imports, each after what it needs."""
    names: list[str] = []

    def visit(path: Path) -> None:
        for address in IMPORT.findall(path.read_text()):
            visit((path.parent / address).resolve())
        name = path.relative_to(SOURCE).as_posix()
        if name not in names:
            names.append(name)

    visit(SOURCE / entry)
    return names


def script(entry: str, vendor: list[str]) -> bytes:
    """Return what the page loads: scripts of others as they came, then ours as one."""
    ours = (SOURCE / name for name in modules(entry))
    body = "\n".join(EXPORT.sub("", IMPORT.sub("", path.read_text())) for path in ours)
    text = rjsmin.jsmin(f'(()=>{{"use strict";\n{body}\n}})();')
    return b"\n".join(
        [*((SOURCE / name).read_bytes() for name in vendor), text.encode()]
    )


def style(parts: list[str]) -> bytes:
    """Return the styles in the order in which they win."""
    text = "\n".join((SOURCE / "css" / f"{part}.css").read_text() for part in parts)
    return rcssmin.cssmin(text).encode()
