"""Static files: bundled, named by their hash, compressed ahead, cached for a year."""

import gzip
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import brotli
from flask import Flask
from PIL import Image
from whitenoise import WhiteNoise

from pst.config import ROOT
from pst.web import bundles

HTMX = "vendor/htmx-4.0.1/"
# What a first visit loads, and what officers' pages load after it.
SCRIPTS = {
    "pst.js": ("js/start.js", [HTMX + "htmx.min.js", HTMX + "hx-ptag.min.js"]),
    "talk.js": ("js/talk/start.js", []),
    "editor.js": ("js/editor/start.js", []),
    "desk.js": ("js/desk/start.js", []),
    "officer.js": ("js/officer/start.js", []),
    "push.js": ("js/push/start.js", []),
    "push_worker.js": ("js/push/worker.js", []),
    "authenticity.js": ("js/authenticity.js", []),
}
# The sheet of a first visit, and those of officers' pages after it, in the order in
# which their parts win over each other.
STYLES = {
    "pst.css": [
        *("tokens", "base", "helpers", "frame", "layout"),
        *("blocks", "badges", "lists", "tables", "buttons", "fields"),
        *(
            "home",
            "search",
            "composer",
            "docked_composer",
            "conversation",
            "feedback",
            "articles",
        ),
        *("catalogue", "reports", "desk"),
        *("print", "forced_colours"),
    ],
    "desk.css": ["worklist", "serving", "printout"],
    "editor.css": ["editor"],
}
# The pictures of the manuals, named there relative to them.
MANUALS = ROOT / "docs" / "panduan"
HASHED = re.compile(r"^.+\.[0-9a-f]{12}\..+$")


@dataclass(frozen=True)
class Picture:
    """A picture that the service brings along, for pages to show."""

    address: str
    width: int
    height: int


def init_app(app: Flask) -> None:
    """Build what is missing and serve it before Flask sees the request."""
    folder = Path(app.config["PST"].data_dir) / "static"
    app.extensions["pictures"] = {
        path.relative_to(MANUALS).as_posix(): _picture(path, folder)
        for path in sorted(MANUALS.glob("gambar/*.webp"))
    }
    names = {name: _build(name, content, folder) for name, content in _contents()}

    def asset(name: str) -> str:
        return f"/static/{names[name]}"

    app.add_template_global(asset)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=folder,
        prefix="static/",
        max_age=31_536_000,
        immutable_file_test=lambda path, url: bool(HASHED.match(url)),
        add_headers_function=_add_headers,
        allow_all_origins=False,
    )


def _add_headers(headers, path: str, url: str) -> None:  # type: ignore[no-untyped-def]
    headers["X-Content-Type-Options"] = "nosniff"
    if path.endswith(".svg"):  # a picture that could be opened as a page
        headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def _picture(path: Path, folder: Path) -> Picture:
    """Put a picture of the manuals among the files that are kept for a year."""
    content = path.read_bytes()
    name = f"{path.stem}.{hashlib.sha256(content).hexdigest()[:12]}{path.suffix}"
    if not (folder / name).exists():
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / name, content)
    with Image.open(path) as image:
        return Picture(f"/static/{name}", image.width // 2, image.height // 2)


def _contents() -> Iterator[tuple[str, bytes]]:
    for name, (entry, vendor) in SCRIPTS.items():
        yield name, bundles.script(entry, vendor)
    for name, parts in STYLES.items():
        yield name, bundles.style(parts)
    yield "icon.svg", (bundles.SOURCE / "icon.svg").read_bytes()


def _build(name: str, content: bytes, folder: Path) -> str:
    stem, _, ending = name.rpartition(".")
    hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{ending}"
    path = folder / hashed
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / f"{hashed}.gz", gzip.compress(content, 9, mtime=0))
        _write(folder / f"{hashed}.br", brotli.compress(content, quality=11))
        _write(path, content)
    return hashed


def _write(path: Path, content: bytes) -> None:
    """Put a file in place whole: several processes may start at once."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.chmod(name, 0o644)
    os.replace(name, path)
