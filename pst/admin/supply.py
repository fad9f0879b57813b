"""What the service is made of, and which holes are known in it."""

import hashlib
import json
import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field

from pst.config import ROOT

LOCK = ROOT / "requirements.lock"
VENDOR = ROOT / "pst" / "static" / "vendor"
PINNED = re.compile(r"(?m)^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)((?:.*\\\n)*.*)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
# One question for all parts at once: https://google.github.io/osv.dev/post-v1-querybatch
ADVISORIES = "https://api.osv.dev/v1/querybatch"
PATIENCE_S = 10


@dataclass
class Part:
    """One package of others that the service is made of."""

    name: str
    version: str
    kind: str = "pypi"
    hashes: list[str] = field(default_factory=list)

    @property
    def purl(self) -> str:
        """Name it as advisories and other bills of materials do."""
        return f"pkg:{self.kind}/{self.name}@{self.version}"


def parts() -> list[Part]:
    """List every locked package, and the scripts that are shipped."""
    locked = PINNED.findall(LOCK.read_text())
    return [
        *(
            Part(name.lower(), pin, hashes=HASH.findall(more))
            for name, pin, more in locked
        ),
        *scripts(),
    ]


def known_holes(url: str = ADVISORIES) -> dict[str, list[str]]:
    """Ask for advisories about our parts; raise `OSError` when no source answers."""
    every_part = parts()
    queries = [{"package": {"purl": part.purl}} for part in every_part]
    request = urllib.request.Request(
        url,
        json.dumps({"queries": queries}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
        results = json.load(answer)["results"]
    return {
        part.purl: [hole["id"] for hole in result["vulns"]]
        for part, result in zip(every_part, results, strict=True)
        if result.get("vulns")
    }


def scripts() -> Iterator[Part]:
    """Yield the scripts of others that our pages load."""
    for folder in sorted(VENDOR.iterdir()):
        name, _, version = folder.name.rpartition("-")
        contents = [path.read_bytes() for path in sorted(folder.glob("*.js"))]
        hashes = [hashlib.sha256(content).hexdigest() for content in contents]
        yield Part(f"{name}.org" if name == "htmx" else name, version, "npm", hashes)
